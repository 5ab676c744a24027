package io.containr.proxmox;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a node that was emptied have guests again. */
@Command(
        name = "undrain",
        mixinStandardHelpOptions = true,
        description = "Let a node have guests again. Nothing moves back by itself.")
final class UndrainCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private AgentOptions agent = new AgentOptions();

    @Parameters(paramLabel = "NODE", description = "its name in the cluster")
    @SuppressWarnings("NullAway.Init")
    private String node;

    @Override
    public Integer call() throws Exception {
        agent.node("DELETE", node);
        spec.commandLine().getOut().println(node + " takes new guests");
        spec.commandLine().getOut().flush();
        return 0;
    }
}

package io.containr.proxmox;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.proxmox.setup.Examination;
import io.containr.proxmox.setup.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is wrong with a cluster and how to mend it; exits with 1 where something is. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what is wrong with a cluster, and how to mend it. Nothing is changed.")
final class DoctorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--token-file",
            defaultValue = "containr-agent.token",
            description = "the agent's token (${DEFAULT-VALUE})")
    private Path tokenFile = Path.of("containr-agent.token");

    @Override
    public Integer call() throws Exception {
        if (connection.url == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--url is needed");
        }
        try (ProxmoxConnection agent =
                ProxmoxConnection.open(connection.endpoint(connection.url), ProxmoxConnection.tokenIn(tokenFile))) {
            return ClusterOptions.print(spec.commandLine().getOut(), findings(agent));
        }
    }

    private List<Finding> findings(ProxmoxConnection agent) {
        try {
            return cluster.examination(agent.transport()).ofAgent();
        } catch (ProxmoxException e) {
            return List.of(Examination.refused("the cluster cannot be asked", e));
        }
    }
}

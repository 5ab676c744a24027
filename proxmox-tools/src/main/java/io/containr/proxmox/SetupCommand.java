package io.containr.proxmox;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.proxmox.setup.AgentRights;
import io.containr.proxmox.setup.ClusterSetup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives the agent a pool, a user, a token and just the rights it needs, and looks whether the cluster has what it takes. */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        description = "Make a cluster ready: pool, roles, user, token, rights; then look whether all else is there.")
final class SetupCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private AdministratorOptions administrator = new AdministratorOptions();

    @Option(
            names = "--token-file",
            defaultValue = "containr-agent.token",
            description = "gets the agent's token (${DEFAULT-VALUE})")
    private Path tokenFile = Path.of("containr-agent.token");

    @Option(names = "--renew-token", description = "replace a token whose secret is not in the file")
    private boolean renew;

    @Option(names = "--print", description = "change nothing: print what root would type on a node")
    private boolean print;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (print) {
            if (cluster.nodes.isEmpty()) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--node is needed with --print");
            }
            cluster.rights(List.of()).commands().forEach(out::println);
            out.flush();
            return 0;
        }
        if (connection.url == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--url is needed, or --print");
        }
        try (ProxmoxConnection admin = administrator.connect(connection.endpoint(connection.url))) {
            AgentRights rights = cluster.rights(ClusterOptions.nodesOf(admin.transport()));
            List<String> done = new ClusterSetup(admin.transport(), rights).apply(tokenFile, renew);
            out.println(done.isEmpty() ? "all was made before" : "made: " + String.join("; ", done));
            return ClusterOptions.print(
                    out, cluster.examination(admin.transport()).ofCluster());
        }
    }
}

package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.local.LocalDocker;
import io.containr.proxmox.ProxmoxCommand;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * What an operator does with a cluster of their own, which here is a simulator that runs by itself: {@code proxmox setup}, the agent's
 * settings file, {@code up}; each service a process of its own.
 */
class OwnClusterE2E {

    @TempDir
    private Path directory;

    @Test
    void aClusterThatWasSetUpByCommandRunsApplicationsOfServicesThatAreProcessesOfTheirOwn() throws Exception {
        Installation installation = RunningPlatform.installation();
        Layout layout = Layout.of(new Home(installation.root(), installation.home()), true);
        LocalDocker docker = LocalDocker.ensure(installation.home().resolve("docker"));
        try (SimulatorServer cluster = SimulatorServer.start(SimulatorConfig.in(directory)
                .withNodes(List.of(new NodeSpec("far1", 16L << 30, 4), new NodeSpec("far2", 16L << 30, 4)))
                .withDockerHost(docker.host())
                .withNetwork(layout.guestNetwork(), layout.guestCidr())
                .withFirewall(true))) {
            Path token = setUp(cluster);
            installation.settings("proxmox-agent", """
                    containr.agent:
                      proxmox: {url: "%s", token-file: "%s", fingerprint: "%s"}
                      network: {cidr: %s, gateway: %s}
                      intake: {bind: %5$s}
                      regions: {far: [far1, far2]}
                    """.formatted(
                    cluster.baseUri(), token, cluster.fingerprint(), layout.guestCidr(), layout.guestGateway()));
            RunningPlatform platform = RunningPlatform.start(installation, "--processes");
            try {
                assertThat(installation.processes().keySet())
                        .contains(Service.ALL.stream().map(Service::name).toArray(String[]::new));
                deploys(platform);
                assertThat(platform.value(
                                "proxmox-agent", "select count(*) from instance where node in ('far1', 'far2')"))
                        .isEqualTo("1");
                assertThat(proxmox("doctor", cluster, "--token-file", token.toString()))
                        .isZero();
            } finally {
                platform.stop();
            }
        }
    }

    private void deploys(RunningPlatform platform) throws Exception {
        ApiClient ada = platform.user("ada");
        String service = platform.service(ada, "far", platform.repository(Map.of()), "/healthz");
        JsonNode deployed = platform.ended(ada, platform.deploy(ada, service));
        assertThat(deployed.path("status").asString()).as(deployed.toString()).isEqualTo("deployed");
        assertThat(new Browser().get(deployed.path("url").asString()).body()).contains("Version 1");
    }

    /** Where the agent's token lies, which has no more rights than it needs. */
    private Path setUp(SimulatorServer cluster) throws Exception {
        ApiToken root = cluster.rootToken();
        Path admin = Files.writeString(directory.resolve("admin.token"), root.id() + "=" + root.secret());
        Path token = directory.resolve("agent.token");
        assertThat(proxmox("setup", cluster, "--admin-token-file", admin.toString(), "--token-file", token.toString()))
                .isZero();
        return token;
    }

    private static int proxmox(String command, SimulatorServer cluster, String... arguments) {
        return new CommandLine(new ProxmoxCommand())
                .execute(Stream.concat(
                                Stream.of(
                                        command,
                                        "--url",
                                        cluster.baseUri().toString(),
                                        "--fingerprint",
                                        cluster.fingerprint()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }
}

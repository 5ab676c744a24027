package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import io.containr.local.LocalDocker;
import io.containr.proxmox.ProxmoxCommand;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.standalone.Contract.Operation;
import io.containr.standalone.ContractClient.Received;
import io.containr.standalone.ContractClient.Sent;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.testing.LockedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * What an operator does with a cluster and a registry of their own, which here are a simulator that runs by itself and a registry with a
 * login and a private certificate: {@code proxmox setup}, the settings files, {@code up}; each service a process of its own. At the end it
 * is killed, and its gateway answers alone.
 */
class OwnClusterE2E {

    /** That the gateway lets pass; none is given back while the test runs. */
    private static final int REQUESTS = 5000;

    @TempDir
    private Path directory;

    @Test
    void aClusterThatWasSetUpByCommandRunsApplicationsOfServicesThatAreProcessesOfTheirOwn() throws Exception {
        Installation installation = RunningPlatform.installation();
        Layout layout = Layout.of(new Home(installation.root(), installation.home()), true);
        LocalDocker docker = LocalDocker.ensure(installation.home().resolve("docker"));
        try (LockedRegistry registry = LockedRegistry.start(directory.resolve("registry"));
                SimulatorServer cluster = SimulatorServer.start(SimulatorConfig.in(directory)
                        .withNodes(List.of(new NodeSpec("far1", 16L << 30, 4), new NodeSpec("far2", 16L << 30, 4)))
                        .withDockerHost(docker.host())
                        .withNetwork(layout.guestNetwork(), layout.guestCidr())
                        .withFirewall(true))) {
            registry.knownTo(directory);
            Path token = setUp(cluster);
            installation.settings("proxmox-agent", """
                    containr.agent:
                      proxmox: {url: "%s", token-file: "%s", fingerprint: "%s"}
                      network: {cidr: %s, gateway: %s}
                      intake: {bind: %5$s}
                      regions: {far: [far1, far2]}
                      guests: {upload-images: false, insecure-registries: ""}
                    """.formatted(
                    cluster.baseUri(), token, cluster.fingerprint(), layout.guestCidr(), layout.guestGateway()));
            installation.settings("build-service", """
                    containr:
                      tls: {trusted-certificates: "%s"}
                      build:
                        registry: "%s"
                        registry-insecure: false
                        registry-username: %s
                        registry-password-file: "%s"
                    """.formatted(
                            registry.certificate(), registry.address(), LockedRegistry.USER, registry.password()));
            installation.settings("auth-service", "containr.auth.registration: invite\n");
            installation.settings("gateway", """
                    containr.gateway.api.rate-limits:
                      exempt: ""
                      address: {requests: 1, per: 1h, burst: %1$d}
                      token: {requests: 1, per: 1h, burst: %1$d}
                    """.formatted(REQUESTS));
            RunningPlatform platform = RunningPlatform.start(installation, "--processes");
            try {
                assertThat(installation.processes().keySet())
                        .contains(Service.ALL.stream().map(Service::name).toArray(String[]::new));
                deploys(platform, registry.address());
                assertThat(platform.value(
                                "proxmox-agent", "select count(*) from instance where node in ('far1', 'far2')"))
                        .isEqualTo("1");
                assertThat(proxmox("doctor", cluster, "--token-file", token.toString()))
                        .isZero();
                refusesAsTheContractSays(platform);
            } finally {
                platform.stop();
            }
            assertThat(images(docker, registry.address() + "/"))
                    .as("images of an installation that has ended")
                    .isEmpty();
        }
    }

    private static List<String> images(LocalDocker docker, String prefix) throws Exception {
        try (DockerClient client = docker.client()) {
            return client.listImagesCmd().exec().stream()
                    .flatMap(image -> Stream.of(image.getRepoTags(), image.getRepoDigests()))
                    .filter(Objects::nonNull)
                    .flatMap(Stream::of)
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        }
    }

    private void deploys(RunningPlatform platform, String registry) throws Exception {
        ApiClient ada = platform.user("ada");
        String service = platform.service(ada, "far", platform.repository(Map.of()), "/healthz");
        JsonNode deployed = platform.ended(ada, platform.deploy(ada, service));
        assertThat(deployed.path("status").asString()).as(deployed.toString()).isEqualTo("deployed");
        assertThat(platform.value(
                        "proxmox-agent", "select distinct spec::jsonb -> 'image' ->> 'repository' from instance"))
                .startsWith(registry + "/");
        assertThat(new Browser().get(deployed.path("url").asString()).body()).contains("Version 1");
    }

    /**
     * What the contract describes and a platform that others share cannot be made to answer: the first user may always register, who comes
     * after needs an invitation here; all services are dead; somebody asks too often.
     */
    private static void refusesAsTheContractSays(RunningPlatform platform) throws Exception {
        ContractClient client = new ContractClient(platform.gateway());
        Contract contract = Contract.of(client.document());
        refused(
                contract,
                contract.operation("POST /auth/register"),
                client,
                Sent.to("/auth/register")
                        .body(Map.of("email", "eve@example.com", "password", "correct-horse-battery", "name", "eve")),
                403);
        platform.killControlPlane();
        refusesEverything(contract, client, 503);
        Operation any = contract.operation("GET /projects");
        int sent = 0;
        while (client.send(any, Sent.to(any.path())).status() != 429) {
            assertThat(++sent).isLessThan(REQUESTS);
        }
        refusesEverything(contract, client, 429);
    }

    private static void refusesEverything(Contract contract, ContractClient client, int status) throws Exception {
        for (Operation operation : contract.operations()) {
            if (operation.statuses().contains(Integer.toString(status))) {
                Sent sent = Sent.to(ContractE2E.path(operation, ContractE2E.NOBODY));
                refused(contract, operation, client, sent, status);
            }
        }
    }

    private static void refused(Contract contract, Operation operation, ContractClient client, Sent sent, int status)
            throws Exception {
        Received answer = client.send(operation, sent);
        assertThat(answer.status()).as(operation.name() + ": " + answer).isEqualTo(status);
        assertThat(contract.problems(operation, sent, answer))
                .as(operation.name())
                .isEmpty();
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

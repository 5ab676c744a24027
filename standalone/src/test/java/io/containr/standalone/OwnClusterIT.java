package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKafka;
import io.containr.local.LocalPostgres;
import io.containr.runtime.secrets.KeyFile;
import io.containr.simulator.SimulatorConfig;
import io.containr.simulator.SimulatorServer;
import io.containr.simulator.access.ApiToken;
import io.containr.simulator.cluster.NodeSpec;
import io.containr.simulator.engine.GuestListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's own cluster, which here is a simulator that runs by itself: the agent's file says where, and all follows it. */
class OwnClusterIT {

    private static final URI ENGINE = URI.create("unix:///nowhere");

    @TempDir
    private Path directory;

    private Home home;
    private Layout layout;

    @BeforeEach
    void install() {
        home = new Home(directory, directory.resolve("containr"));
        home.create();
        layout = Layout.of(home, true);
    }

    @Test
    void theAgentSpeaksWithTheClusterThatItsFileNames() throws Exception {
        try (SimulatorServer cluster = SimulatorServer.start(SimulatorConfig.in(directory.resolve("cluster"))
                        .withNodes(List.of(new NodeSpec("far1", 1L << 34, 4), new NodeSpec("far2", 1L << 34, 4)))
                        .withoutEngine(new NobodyListens()));
                LocalPostgres postgres =
                        LocalPostgres.start(home.directory("postgres"), layout.port("postgres"), false);
                LocalKafka kafka = LocalKafka.start(
                        home.directory("kafka"), layout.port("kafka"), layout.port("kafka-controller"), false)) {
            ApiToken token = cluster.setUpPool("ours");
            Path tokenFile = Files.writeString(directory.resolve("cluster.token"), token.id() + "=" + token.secret());
            settings("""
                    containr.agent:
                      proxmox: {url: "%s", token-file: "%s", fingerprint: "%s"}
                      network: {cidr: 127.99.0.0/24, gateway: 127.99.0.1}
                      intake: {bind: 127.0.0.1}
                      guests:
                        pool: ours
                      regions: {north: [far1], south: [far2]}
                    """.formatted(cluster.baseUri(), tokenFile, cluster.fingerprint()));
            postgres.createDatabase("proxmox_agent");
            new KeyFile(home.keyFile()).createIfMissing();
            try (ServiceContext agent = ServiceContext.start(service("proxmox-agent"), of(postgres, "proxmox-agent"))) {
                assertThat(get("/actuator/nodes")).contains("far1", "far2").doesNotContain("pve1");
            }
            assertThat(of(postgres, "project-service")).containsEntry("containr.project.regions", "north,south");
            assertThat(of(postgres, "database-service")).containsEntry("containr.database.regions", "north,south");
            assertThat(of(postgres, "proxmox-agent"))
                    .containsEntry("containr.agent.guests.upload-images", "true")
                    .doesNotContainKeys(
                            "containr.agent.proxmox.url", "containr.agent.network.cidr", "containr.agent.intake.bind");
        }
    }

    @Test
    void withoutAClusterInTheFileOneIsSimulated() throws Exception {
        assertThat(AgentFile.of(home).namesCluster()).isFalse();
        settings("containr.agent.guests.steady: 5s\n");
        assertThat(AgentFile.of(home).namesCluster()).isFalse();
        assertThat(AgentFile.of(home).regions()).isEmpty();
    }

    private void settings(String yaml) throws Exception {
        Files.createDirectories(home.settings());
        Files.writeString(home.settings().resolve("proxmox-agent.yml"), yaml);
    }

    private Map<String, String> of(LocalPostgres postgres, String service) throws Exception {
        return new ServiceSettings(
                        home,
                        layout,
                        postgres,
                        ENGINE,
                        AgentFile.of(home),
                        null,
                        new PlatformOptions(),
                        KeycloakSecrets.loadOrCreate(home.directory("secrets").resolve("keycloak.properties")))
                .of(service(service));
    }

    private static Service service(String name) {
        return Service.ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String get(String path) throws Exception {
        String operator = Files.readString(home.directory("secrets").resolve("operator.token"))
                .strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(layout.uri("proxmox-agent") + path))
                                    .header("Authorization", "Bearer " + operator)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static final class NobodyListens implements GuestListener {

        @Override
        public void started(int vmid, Map<String, String> environment, @Nullable String address) {}

        @Override
        public void ended(int vmid) {}
    }
}

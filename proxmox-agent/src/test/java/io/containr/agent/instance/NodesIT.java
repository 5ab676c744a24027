package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceMoveRequested;
import io.containr.contracts.agent.AgentEvent.InstanceMoveWithdrawn;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Nodes that go away, come back, and are emptied. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.regions.north=n1",
            "containr.agent.regions.south=n2",
            "containr.agent.watch.interval=100ms",
            "containr.agent.watch.failures=1",
            "containr.agent.watch.node-grace=1s",
            "containr.agent.timeouts.place=500ms"
        })
@ContextConfiguration(initializers = AgentTestEnvironment.class)
@Import(FakeClusterConfiguration.class)
@DirtiesContext
class NodesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Path TOKEN = temporary().resolve("operator.token");

    @Autowired
    private FakeCluster cluster;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private RunningWatch watch;

    @LocalServerPort
    private int port;

    private static boolean taken;

    private final List<InstanceSpec> asked = new ArrayList<>();
    private TestMessages messages;

    private static Path temporary() {
        try {
            return Files.createTempDirectory("containr-test-operator-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void token(DynamicPropertyRegistry properties) {
        properties.add("containr.agent.operator-token-file", TOKEN::toString);
    }

    @BeforeEach
    void listen() {
        messages = new TestMessages();
        if (!taken) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            taken = true;
        }
    }

    @AfterEach
    void nothingIsLeft() {
        cluster.setMember("n2", true);
        cluster.setOffline("n2", false);
        cluster.setMaintenance("n2", false);
        ask("DELETE", "n2", 200);
        asked.forEach(this::remove);
        asked.forEach(spec -> messages.await(InstanceRemoved.class, of(spec)));
        assertThat(cluster.violations()).isEmpty();
        assertThat(promised("n1")).isZero();
        assertThat(promised("n2")).isZero();
        messages.close();
    }

    private long promised(String node) {
        return jdbc.sql("select coalesce(sum(memory_mib * 1000 + cpu_millis), 0) from node_load where node = :node")
                .param("node", node)
                .query(Long.class)
                .single();
    }

    @Test
    void replicasOfADeploymentAreApart() {
        InstanceSpec first = ensure(Specs.web("apart-1", cluster.port()));
        InstanceSpec second = ensure(Specs.replica(first, "apart-2"));
        assertThat(List.of(nodeOf(first), nodeOf(second))).containsExactlyInAnyOrder("n1", "n2");
        assertThat(promised("n1")).isEqualTo(16 * 1000 + 100);
        assertThat(promised("n2")).isEqualTo(16 * 1000 + 100);
    }

    /** As at a rollback, which needs no pull then. */
    @Test
    void theNextDeploymentGoesWhereItsImageIs() {
        InstanceSpec before = ensure(Specs.web("before", cluster.port()));
        String node = nodeOf(before);
        InstanceSpec next = ensure(Specs.successor(before, "next"));
        assertThat(nodeOf(next)).isEqualTo(node);
        assertThat(promised(node)).isEqualTo(2 * (16 * 1000 + 100));
    }

    /** Nothing runs while the node is back, for at least one look of the watch. */
    @Test
    void theGraceOfANodeBeginsAnewEachTimeItGoes() {
        InstanceSpec before = ensure(south("before"));
        awaitHealthy(before);
        cluster.setOffline("n2", true);
        assertThat(messages.await(InstanceFailed.class, of(before)).failure().code())
                .isEqualTo("NODE_LOST");
        cluster.setOffline("n2", false);
        watch.run();
        remove(before);
        messages.await(InstanceRemoved.class, of(before));

        InstanceSpec after = ensure(south("after"));
        awaitHealthy(after);
        long gone = System.nanoTime();
        cluster.setOffline("n2", true);
        messages.await(InstanceFailed.class, of(after));
        assertThat(Duration.ofNanos(System.nanoTime() - gone)).isGreaterThan(GRACE);
    }

    @Test
    void whatIsLostWithItsNodeIsRemovedWhenItComesBackAndWhatHasAVolumeRunsOn() {
        InstanceSpec stateless = ensure(south("stateless"));
        InstanceSpec stateful = ensure(Specs.keeping(south("stateful"), new Volume(64, "/data")));
        awaitHealthy(stateless);
        awaitHealthy(stateful);
        cluster.setOffline("n2", true);
        assertThat(messages.await(InstanceFailed.class, of(stateless)).failure().code())
                .isEqualTo("NODE_LOST");
        assertThat(messages.await(InstanceBecameUnhealthy.class, of(stateful)).reason())
                .isNotBlank();
        remove(stateless);
        InstanceSpec elsewhere = ensure(Specs.successor(Specs.in(stateless, "north"), "elsewhere"));
        assertThat(nodeOf(elsewhere)).isEqualTo("n1");
        awaitHealthy(elsewhere);
        assertThat(cluster.byHostname("stateless")).as("nobody can reach it").isPresent();

        cluster.setOffline("n2", false);
        messages.await(InstanceRemoved.class, of(stateless));
        assertThat(cluster.byHostname("stateless")).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(of(stateful))
                                .count()
                        == 2);
        assertThat(messages.all(InstanceFailed.class)).noneMatch(of(stateful));
    }

    @Test
    void ofANodeThatIsNoMemberAnyMoreNothingIsLeft() {
        InstanceSpec spec = ensure(south("orphan"));
        awaitHealthy(spec);
        cluster.setMember("n2", false);
        assertThat(messages.await(InstanceFailed.class, of(spec)).failure().code())
                .isEqualTo("GUEST_LOST");
        remove(spec);
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(jdbc.sql("select count(*) from address where instance_id = :id")
                        .param("id", spec.instance().value())
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aNodeThatIsEmptiedTakesNothingNewAndWhatCanLeaveIsAskedTo() {
        InstanceSpec stateless = ensure(south("leaves"));
        InstanceSpec stateful = ensure(Specs.keeping(south("stays"), new Volume(64, "/data")));
        awaitHealthy(stateless);
        awaitHealthy(stateful);
        JsonNode shown = ask("POST", "n2", 200);
        assertThat(shown.path("draining").asBoolean()).isTrue();
        assertThat(shown.path("volumes").asInt()).isPositive();
        assertThat(shown.path("instances")
                        .valueStream()
                        .map(one -> one.path("stay").asString()))
                .containsExactlyInAnyOrder("MOVES", "VOLUME");
        assertThat(messages.await(InstanceMoveRequested.class, of(stateless)).node())
                .isEqualTo("n2");
        assertThat(cluster.byHostname("leaves").orElseThrow().running()).isTrue();

        InstanceSpec refused = ensure(south("refused"));
        assertThat(messages.await(InstanceFailed.class, of(refused)).failure().message())
                .contains("no node of the region south takes new guests");
        InstanceSpec next = ensure(Specs.successor(Specs.in(stateless, null), "next"));
        assertThat(nodeOf(next)).isEqualTo("n1");
        awaitHealthy(next);
        remove(stateless);
        messages.await(InstanceRemoved.class, of(stateless));
        InstanceSpec again = ensure(Specs.successor(stateful, "stays-too"));
        assertThat(nodeOf(again)).as("where its volume is").isEqualTo("n2");
        awaitHealthy(again);
        assertThat(messages.all(InstanceMoveRequested.class).stream()
                        .map(event -> event.instance().id()))
                .containsOnly(stateless.instance());
    }

    @Test
    void whatWasAskedToLeaveMayStayWhereItsNodeDoes() {
        InstanceSpec spec = ensure(south("undecided"));
        awaitHealthy(spec);
        ask("POST", "n2", 200);
        messages.await(InstanceMoveRequested.class, of(spec));
        assertThat(ask("DELETE", "n2", 200).path("draining").asBoolean()).isFalse();
        messages.await(InstanceMoveWithdrawn.class, of(spec));
    }

    /** The cluster's own word, by {@code ha-manager crm-command node-maintenance enable}. */
    @Test
    void aNodeUnderTheClustersMaintenanceIsAsIfItWereEmptied() {
        InstanceSpec spec = ensure(south("maintained"));
        awaitHealthy(spec);
        cluster.setMaintenance("n2", true);
        messages.await(InstanceMoveRequested.class, of(spec));
        JsonNode shown = ask("GET", "n2", 200);
        assertThat(shown.path("maintenance").asBoolean()).isTrue();
        assertThat(shown.path("draining").asBoolean()).isTrue();
        InstanceSpec refused = ensure(south("kept-out"));
        assertThat(messages.await(InstanceFailed.class, of(refused)).failure().message())
                .contains("no node of the region south takes new guests");
        cluster.setMaintenance("n2", false);
        messages.await(InstanceMoveWithdrawn.class, of(spec));
    }

    @Test
    void onlyAnOperatorMayAsk() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(TOKEN)))
                .isEqualTo("rw-------");
        String user = TestTokens.bearer(new UserId(Ids.next()), "ada@example.com");
        assertThat(ask("POST", "n2", 401, user).path("code").asString()).isEqualTo("UNAUTHENTICATED");
        ask("GET", "n2", 401, "x");
        ask("POST", "n9", 404);
        assertThat(jdbc.sql("select count(*) from drained_node")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(ask("GET", "", 200).size()).isEqualTo(2);
    }

    private InstanceSpec south(String name) {
        return Specs.in(Specs.web(name, cluster.port()), "south");
    }

    private JsonNode ask(String method, String node, int status) {
        try {
            return ask(method, node, status, Files.readString(TOKEN).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode ask(String method, String node, int status, String token) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/actuator/nodes" + (node.isEmpty() ? "" : "/" + node)))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        asked.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
    }

    private String nodeOf(InstanceSpec spec) {
        return messages.await(InstanceStarted.class, of(spec)).node();
    }

    private void awaitHealthy(InstanceSpec spec) {
        messages.await(InstanceBecameHealthy.class, of(spec));
    }

    private static <T extends AgentEvent> Predicate<T> of(InstanceSpec spec) {
        InstanceId id = spec.instance();
        return event -> event.instance().id().equals(id);
    }
}

package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.instance.FaultPoints.Point;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/**
 * Whatever call to the cluster goes wrong and however: the instance runs in the end, or its failure is reported; there is never a second
 * guest, nothing is left once it is gone, and nobody asks again and again without a pause.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.guests.tasks-per-node=8",
            "containr.agent.watch.cleanup-interval=500ms",
            "containr.agent.watch.orphan-grace=1s"
        })
@ContextConfiguration(initializers = AgentTestEnvironment.class)
@Import({FakeClusterConfiguration.class, FaultAnywhereIT.Faulty.class})
@DirtiesContext
class FaultAnywhereIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** What one fault may cost beyond an undisturbed way: looks, a pause and a second try, not hundreds of calls. */
    private static final int CALLS_ALLOWED = 40;

    /** How a call goes wrong; those that do not pass by themselves may fail the instance. */
    enum Mishap {
        CONNECTION_REFUSED(ProxmoxFailure.UNAVAILABLE, false),
        ANSWER_LOST_BEFORE(ProxmoxFailure.OUTCOME_UNKNOWN, false),
        ANSWER_LOST_AFTER(ProxmoxFailure.OUTCOME_UNKNOWN, true),
        TOKEN_REFUSED(ProxmoxFailure.UNAUTHENTICATED, false),
        LOCKED(ProxmoxFailure.LOCKED, false),
        CHANGED_MEANWHILE(ProxmoxFailure.CHANGED, false),
        DENIED(ProxmoxFailure.DENIED, false),
        STORAGE_FULL(ProxmoxFailure.STORAGE_FULL, false),
        ANY_OTHER_TEXT(ProxmoxFailure.OTHER, false);

        final ProxmoxFailure failure;
        final boolean applied;

        Mishap(ProxmoxFailure failure, boolean applied) {
            this.failure = failure;
            this.applied = applied;
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Faulty {
        @Bean
        static FaultPoints faultPoints() {
            return new FaultPoints();
        }
    }

    @Autowired
    private FakeCluster cluster;

    @Autowired
    private FaultPoints faults;

    @Autowired
    private JdbcClient jdbc;

    private static boolean taken;

    private TestMessages messages;

    @BeforeEach
    void listen() {
        messages = new TestMessages();
        if (!taken) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            taken = true;
        }
    }

    @AfterEach
    void close() {
        messages.close();
    }

    @Test
    void onItsWayUpAndOnItsWayDown() {
        InstanceSpec reference = Specs.web("reference", cluster.port());
        faults.set(reference.instance(), null);
        messages.publish(new EnsureInstance(reference), reference.service());
        await().atMost(PATIENCE)
                .until(() -> reported(InstanceBecameHealthy.class).contains(reference.instance()));
        int up = faults.callsOf(reference.instance());
        faults.set(reference.instance(), null);
        remove(reference);
        await().atMost(PATIENCE).until(() -> reported(InstanceRemoved.class).contains(reference.instance()));
        int down = faults.callsOf(reference.instance());
        assertThat(up).isGreaterThan(8);
        assertThat(down).isGreaterThan(3);

        Map<InstanceSpec, Point> ways = new LinkedHashMap<>();
        points(up).forEach(point -> ways.put(Specs.web("way-" + ways.size(), cluster.port()), point));
        ways.forEach((spec, point) -> faults.set(spec.instance(), point));
        ways.keySet().forEach(spec -> messages.publish(new EnsureInstance(spec), spec.service()));
        Set<InstanceId> all = ways.keySet().stream().map(InstanceSpec::instance).collect(Collectors.toSet());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Stream.concat(
                                reported(InstanceBecameHealthy.class).stream(),
                                reported(InstanceFailed.class).stream()))
                        .containsAll(all));
        Set<InstanceId> failed = reported(InstanceFailed.class);
        assertThat(ways).allSatisfy((spec, point) -> {
            assertThat(faults.hit(spec.instance())).as("%s was met", point).isTrue();
            if (point.failure().isPassing()) {
                assertThat(failed).as("%s passes", point).doesNotContain(spec.instance());
            }
            assertThat(faults.callsOf(spec.instance()))
                    .as("calls after %s", point)
                    .isLessThan(up + CALLS_ALLOWED);
        });
        assertThat(cluster.guestCount()).isBetween(ways.size() - failed.size(), ways.size());

        List<Point> downPoints = points(down).toList();
        List<InstanceSpec> order = new ArrayList<>(ways.keySet());
        IntStream.range(0, order.size())
                .forEach(index -> faults.set(order.get(index).instance(), downPoints.get(index % downPoints.size())));
        order.forEach(this::remove);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reported(InstanceRemoved.class)).containsAll(all));
        assertThat(order)
                .allSatisfy(spec -> assertThat(faults.callsOf(spec.instance()))
                        .as("calls of %s", spec.name())
                        .isLessThan(down + CALLS_ALLOWED));
        await().atMost(PATIENCE).until(() -> cluster.guestCount() == 0);
        assertThat(count("select count(*) from address where instance_id is not null"))
                .isZero();
        assertThat(count("select count(*) from instance where phase <> 'REMOVED'"))
                .isZero();
        assertThat(cluster.violations()).isEmpty();
    }

    private static Stream<Point> points(int calls) {
        return IntStream.rangeClosed(1, calls)
                .boxed()
                .flatMap(call ->
                        Stream.of(Mishap.values()).map(mishap -> new Point(call, mishap.failure, mishap.applied)));
    }

    private Set<InstanceId> reported(Class<? extends AgentEvent> type) {
        return messages.all(type).stream().map(event -> event.instance().id()).collect(Collectors.toSet());
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 2, Duration.ZERO, Duration.ofSeconds(2)),
                spec.service());
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}

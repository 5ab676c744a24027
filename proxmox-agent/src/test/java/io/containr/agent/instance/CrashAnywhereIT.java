package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.instance.CrashPoints.Point;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** Wherever the agent is cut off, it ends where it would have ended: one guest while it shall run, nothing once it is gone. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "logging.level.io.containr.runtime.work=ERROR",
            "containr.agent.guests.tasks-per-node=8"
        })
@ContextConfiguration(initializers = AgentTestEnvironment.class)
@Import({FakeClusterConfiguration.class, CrashAnywhereIT.Crashes.class})
@DirtiesContext
class CrashAnywhereIT {

    @TestConfiguration(proxyBeanMethods = false)
    static class Crashes {
        @Bean
        static CrashPoints crashPoints() {
            return new CrashPoints();
        }
    }

    @Autowired
    private FakeCluster cluster;

    @Autowired
    private CrashPoints crashes;

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
        crashes.set(reference.instance(), null);
        messages.publish(new EnsureInstance(reference), reference.service());
        awaitHealthy(reference.instance());
        int up = crashes.callsOf(reference.instance());
        crashes.set(reference.instance(), null);
        remove(reference);
        awaitRemoved(reference.instance());
        int down = crashes.callsOf(reference.instance());
        assertThat(up).isGreaterThan(20);
        assertThat(down).isGreaterThan(8);

        Map<InstanceSpec, Point> ways = new LinkedHashMap<>();
        points(up).forEach(point -> ways.put(Specs.web("up-" + ways.size(), cluster.port()), point));
        ways.forEach((spec, point) -> crashes.set(spec.instance(), point));
        ways.keySet().forEach(spec -> messages.publish(new EnsureInstance(spec), spec.service()));
        ways.keySet().forEach(spec -> awaitHealthy(spec.instance()));
        assertThat(ways.keySet()).allSatisfy(spec -> {
            FakeCluster.Guest guest = cluster.byHostname(spec.name()).orElseThrow();
            assertThat(guest.running()).isTrue();
            assertThat(guest.tags()).contains("containr", InstanceTag.of(spec.instance()));
            assertThat(guest.environment()).containsKeys("CONTAINR_TOKEN", "CONTAINR_AGENT", "CONTAINR_AGENT_PIN");
        });
        assertThat(cluster.guestCount()).isEqualTo(ways.size());
        assertThat(ways.keySet().stream().filter(spec -> crashes.crashOf(spec.instance()) != null))
                .as("instances whose work was cut off")
                .hasSizeGreaterThan(ways.size() * 9 / 10);

        List<Point> downPoints = points(down).toList();
        int index = 0;
        for (InstanceSpec spec : ways.keySet()) {
            crashes.set(spec.instance(), downPoints.get(index++ % downPoints.size()));
            remove(spec);
        }
        ways.keySet().forEach(spec -> awaitRemoved(spec.instance()));
        assertThat(cluster.guestCount()).isZero();
        assertThat(count("select count(*) from address where instance_id is not null"))
                .isZero();
        assertThat(count("select count(*) from guest_session")).isZero();
        assertThat(count("select count(*) from instance where phase <> 'REMOVED' or spec is not null"))
                .isZero();
        assertThat(cluster.violations()).isEmpty();
        assertThat(messages.all(InstanceFailed.class)).isEmpty();
        assertThat(messages.all(InstanceStarted.class)).hasSize(ways.size() + 1).doesNotHaveDuplicates();
    }

    private static Stream<Point> points(int calls) {
        return IntStream.rangeClosed(1, calls)
                .boxed()
                .flatMap(call -> Stream.of(new Point(call, true), new Point(call, false)));
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 2, Duration.ZERO, Duration.ofSeconds(2)),
                spec.service());
    }

    private void awaitHealthy(InstanceId id) {
        messages.await(
                InstanceBecameHealthy.class, event -> event.instance().id().equals(id));
    }

    private void awaitRemoved(InstanceId id) {
        messages.await(InstanceRemoved.class, event -> event.instance().id().equals(id));
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}

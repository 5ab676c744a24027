package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.instance.CrashPoints.Point;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.agent.proxmox.Mount;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceNotResized;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Wherever the agent is cut off while a volume changes hands, it arrives, whole and once, and no two guests ever run for it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "logging.level.io.containr.runtime.work=ERROR",
            "containr.agent.guests.tasks-per-node=8",
            "containr.agent.watch.interval=500ms",
            "containr.agent.timeouts.place=5m"
        })
@ContextConfiguration(initializers = AgentTestEnvironment.class)
@Import({FakeClusterConfiguration.class, CrashAnywhereIT.Crashes.class})
@DirtiesContext
class VolumeCrashIT {

    @Autowired
    private FakeCluster cluster;

    @Autowired
    private CrashPoints crashes;

    @Autowired
    private Instances instances;

    @Autowired
    private Volumes volumes;

    @Autowired
    private VolumeSteps steps;

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

    /** One service: an instance, the one after it, and where the work on either is cut off. */
    private record Way(InstanceSpec old, InstanceSpec young, InstanceId cut, Point at) {}

    private Way way(String name, boolean cutsOld, Point at) {
        InstanceSpec old = Specs.keeping(Specs.web(name + "-old", cluster.port()), new Volume(64, "/data"));
        InstanceSpec young = Specs.successor(old, name + "-young");
        return new Way(old, young, cutsOld ? old.instance() : young.instance(), at);
    }

    @Test
    void aVolumeChangesHandsAndGoesWithItsService() {
        Way reference = way("reference", false, new Point(Integer.MAX_VALUE, true));
        ensure(reference.old());
        awaitHealthy(reference.old().instance());
        crashes.set(reference.old().instance(), null);
        crashes.set(reference.young().instance(), null);
        ensure(reference.young());
        awaitHealthy(reference.young().instance());
        int given = crashes.callsOf(reference.old().instance());
        int taken = crashes.callsOf(reference.young().instance());
        assertThat(given).isGreaterThan(8);
        assertThat(taken).isGreaterThan(30);

        List<Way> ways = new ArrayList<>();
        points(given, 2).forEach(point -> ways.add(way("give-" + ways.size(), true, point)));
        points(taken, 4).forEach(point -> ways.add(way("take-" + ways.size(), false, point)));
        ways.forEach(way -> ensure(way.old()));
        ways.forEach(way -> awaitHealthy(way.old().instance()));
        ways.forEach(way -> crashes.set(way.cut(), way.at()));
        ways.forEach(way -> ensure(way.young()));
        ways.forEach(way -> awaitHealthy(way.young().instance()));
        assertThat(ways).allSatisfy(way -> {
            assertThat(volume(way.young())).isNotNull();
            assertThat(volume(way.old())).isNull();
            assertThat(cluster.byHostname(way.old().name()).orElseThrow().running())
                    .isFalse();
        });
        assertThat(ways.stream().filter(way -> crashes.crashOf(way.cut()) != null))
                .as("handovers that were cut off")
                .hasSizeGreaterThan(ways.size() * 8 / 10);

        ways.forEach(way -> remove(way.old()));
        ways.forEach(way -> awaitRemoved(way.old().instance()));
        List<Way> stopped = ways.subList(0, ways.size() / 2);
        stopped.forEach(way -> remove(way.young()));
        stopped.forEach(way -> awaitRemoved(way.young().instance()));
        assertThat(stopped).allSatisfy(way -> assertThat(volume(way.young())).isNotNull());
        assertThat(cluster.violations()).isEmpty();

        ways.forEach(way -> {
            cluster.mayDeleteVolumeOf(way.old().service().toString());
            messages.publish(
                    new ServiceDeleted(way.old().service(), way.old().project(), new UserId(Ids.next())),
                    way.old().project());
        });
        ways.subList(ways.size() / 2, ways.size()).forEach(way -> remove(way.young()));
        await().atMost(Duration.ofSeconds(30)).until(() -> cluster.guestCount() == 2);
        // What is gone is noticed when it is looked for the next time.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(jdbc.sql("select count(*) from volume where vmid is not null")
                                .query(Long.class)
                                .single())
                        .isOne());
        assertThat(cluster.violations()).isEmpty();
        assertThat(messages.all(InstanceFailed.class)).isEmpty();
    }

    @Test
    void aGuestThatRunsIsResizedHoweverOftenThatIsCutOff() {
        InstanceSpec reference = Specs.keeping(Specs.web("grown", cluster.port()), new Volume(64, "/data"));
        ensure(reference);
        awaitHealthy(reference.instance());
        crashes.set(reference.instance(), null);
        grow(reference);
        int calls = crashes.callsOf(reference.instance());
        assertThat(calls).isGreaterThan(8);

        Map<InstanceSpec, Point> ways = new LinkedHashMap<>();
        points(calls, 2)
                .forEach(point -> ways.put(
                        Specs.keeping(Specs.web("grown-" + ways.size(), cluster.port()), new Volume(64, "/data")),
                        point));
        ways.keySet().forEach(this::ensure);
        ways.keySet().forEach(spec -> awaitHealthy(spec.instance()));
        ways.forEach((spec, point) -> crashes.set(spec.instance(), point));
        ways.keySet().forEach(spec -> ensure(larger(spec)));
        ways.keySet().forEach(this::awaitResized);

        assertThat(ways.keySet()).allSatisfy(spec -> {
            FakeCluster.Guest guest = cluster.byHostname(spec.name()).orElseThrow();
            assertThat(guest.running()).isTrue();
            assertThat(guest.resources().memoryMiB()).isEqualTo(48);
            assertThat(Objects.requireNonNull(guest.volume()).sizeMiB()).isEqualTo(128);
        });
        assertThat(ways.keySet().stream().filter(spec -> crashes.crashOf(spec.instance()) != null))
                .as("resizes that were cut off")
                .hasSizeGreaterThan(ways.size() * 8 / 10);
        assertThat(messages.all(InstanceNotResized.class)).isEmpty();
        assertThat(messages.all(InstanceBecameUnhealthy.class)).isEmpty();
        ways.put(reference, new Point(0, true));
        ways.keySet().forEach(spec -> {
            cluster.mayDeleteVolumeOf(spec.service().toString());
            messages.publish(new RemoveVolume(spec.service()), spec.service());
            remove(spec);
        });
        ways.keySet().forEach(spec -> awaitRemoved(spec.instance()));
        assertThat(cluster.violations()).isEmpty();
    }

    private void grow(InstanceSpec spec) {
        ensure(larger(spec));
        awaitResized(spec);
    }

    private void awaitResized(InstanceSpec spec) {
        messages.await(InstanceResized.class, event -> event.instance().id().equals(spec.instance()));
    }

    private static InstanceSpec larger(InstanceSpec spec) {
        return Specs.grown(spec, 2, new Resources(300, 48, 64), 128);
    }

    /** The message that its service is deleted comes between the decision to keep its guest and the deed. */
    @Test
    void aVolumeIsNotForgottenThatIsDeletedWhileItIsKept() {
        InstanceSpec spec = Specs.keeping(Specs.web("kept", cluster.port()), new Volume(64, "/data"));
        cluster.mayDeleteVolumeOf(spec.service().toString());
        ensure(spec);
        awaitHealthy(spec.instance());
        Instance instance = instances.find(spec.instance()).orElseThrow();
        volumes.delete(spec.service());
        steps.keep(instance);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> cluster.byHostname("kept").isEmpty()
                        && volumes.find(spec.service()).orElseThrow().vmid() == null);
    }

    private Mount volume(InstanceSpec spec) {
        return cluster.byHostname(spec.name()).orElseThrow().volume();
    }

    /** Every so many calls, before and after it took effect. */
    private static Stream<Point> points(int calls, int every) {
        return IntStream.rangeClosed(1, calls)
                .filter(call -> call % every == 1)
                .boxed()
                .flatMap(call -> Stream.of(new Point(call, true), new Point(call, false)));
    }

    private void ensure(InstanceSpec spec) {
        messages.publish(new EnsureInstance(spec), spec.service());
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(2)),
                spec.service());
    }

    private void awaitHealthy(InstanceId id) {
        messages.await(
                InstanceBecameHealthy.class, event -> event.instance().id().equals(id));
    }

    private void awaitRemoved(InstanceId id) {
        messages.await(InstanceRemoved.class, event -> event.instance().id().equals(id));
    }
}

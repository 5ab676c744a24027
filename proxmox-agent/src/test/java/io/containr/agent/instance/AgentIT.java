package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.guest.Admission;
import io.containr.agent.guest.GuestLine;
import io.containr.agent.guest.GuestSessions;
import io.containr.agent.guest.GuestState;
import io.containr.agent.guest.GuestVariable;
import io.containr.agent.proxmox.FakeCluster;
import io.containr.agent.proxmox.GuestPlan;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.GuestTaskEnded;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceNotResized;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.testing.TestMessages;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** The agent with a real database and broker, before a cluster in memory. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.regions.south=n2",
            "containr.agent.regions.lost=n8,n9",
            "containr.agent.watch.interval=100ms",
            "containr.agent.watch.cleanup-interval=200ms",
            "containr.agent.watch.orphan-grace=500ms",
            "containr.agent.watch.image-grace=1s",
            "containr.agent.watch.node-grace=500ms",
            "containr.agent.timeouts.place=1s",
            "containr.agent.guests.steady=300ms"
        })
@ContextConfiguration(initializers = AgentTestEnvironment.class)
@Import(FakeClusterConfiguration.class)
@DirtiesContext
class AgentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    private FakeCluster cluster;

    @Autowired
    private GuestSessions sessions;

    @Autowired
    private SecretBox secrets;

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
        assertThat(cluster.violations()).isEmpty();
        messages.close();
    }

    @Test
    void whatIsAskedForRunsAndWhatIsNoLongerAskedForIsGone() {
        InstanceSpec spec = ensure(Specs.web("web", cluster.port()));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        InstanceBecameHealthy healthy = awaitHealthy(spec);
        assertThat(started.address()).isEqualTo(healthy.address()).startsWith("127.77.0.");
        assertThat(healthy.port()).isEqualTo(cluster.port());
        assertThat(healthy.phases()).containsOnlyKeys("pull", "create", "start", "healthy");
        assertThat(healthy.instance().deployment()).isEqualTo(spec.deployment());
        FakeCluster.Guest guest = cluster.byHostname("web").orElseThrow();
        assertThat(guest.plan().vmid()).isEqualTo(started.vmid());
        assertThat(guest.plan().description()).contains(spec.instance().toString());

        remove(spec, Duration.ofMillis(300));
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(cluster.byHostname("web")).isEmpty();
        assertThat(addressOf(spec)).isEmpty();
    }

    @Test
    void aCommandThatComesTwiceTakesEffectOnceAndIsAnsweredTwice() {
        InstanceSpec spec = Specs.web("twice", cluster.port());
        UUID message = Ids.next();
        messages.publish(message, new EnsureInstance(spec), spec.service());
        messages.publish(message, new EnsureInstance(spec), spec.service());
        awaitHealthy(spec);
        ensure(spec);
        await().atMost(PATIENCE)
                .until(() -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(event -> event.instance().id().equals(spec.instance()))
                                .count()
                        == 2);
        assertThat(cluster.byHostname("twice")).isPresent();
    }

    @Test
    void whatSomebodyElseChangedIsGivenBackAndTold() {
        InstanceSpec spec = ensure(Specs.web("altered", cluster.port()));
        int vmid = messages.await(InstanceStarted.class, of(spec)).vmid();
        awaitHealthy(spec);
        FakeCluster.Guest guest = cluster.byHostname("altered").orElseThrow();
        Set<String> tags = guest.tags();

        cluster.alter(vmid, new Resources(4000, 9000, spec.resources().diskMiB()), Set.of("mine"));

        GuestTaskEnded told = messages.await(
                GuestTaskEnded.class,
                event -> event.instance().id().equals(spec.instance())
                        && event.type().equals("config"));
        assertThat(told.outcome()).isEqualTo("OK");
        assertThat(told.message()).contains("9000 MiB of memory instead of 16", "4000 thousandths", "tags missing");
        assertThat(guest.resources()).isEqualTo(spec.resources());
        assertThat(guest.tags()).containsAll(tags).contains("mine");
    }

    @Test
    void aNewerGenerationChangesLimitsVolumeAndCallersOfAGuestWhileItRuns() {
        InstanceSpec spec = ensure(Specs.keeping(Specs.web("grows", cluster.port()), new Volume(64, "/data")));
        awaitHealthy(spec);
        FakeCluster.Guest guest = cluster.byHostname("grows").orElseThrow();
        cluster.mayDeleteVolumeOf(spec.service().toString());

        ensure(Specs.grown(spec, 2, new Resources(300, 48, 64), 128, "198.51.100.0/24", "203.0.113.9/32"));

        messages.await(InstanceResized.class, event -> event.instance().generation() == 2);
        assertThat(guest.resources()).isEqualTo(new Resources(300, 48, 64));
        assertThat(Objects.requireNonNull(guest.volume()).sizeMiB()).isEqualTo(128);
        await().untilAsserted(() -> assertThat(guest.admitted()).contains("198.51.100.0/24", "203.0.113.9"));
        assertThat(messages.all(InstanceBecameHealthy.class).stream().filter(of(spec)))
                .allSatisfy(event -> assertThat(event.instance().deployment()).isEqualTo(spec.deployment()));
        assertThat(messages.all(InstanceBecameUnhealthy.class)).noneMatch(of(spec));

        // The same again, and one that changes nothing, are answered; an older one is not.
        ensure(Specs.grown(spec, 3, new Resources(300, 48, 64), 128));
        messages.await(InstanceResized.class, event -> event.instance().generation() == 3);
        await().untilAsserted(() -> assertThat(guest.admitted()).doesNotContain("198.51.100.0/24"));
        ensure(Specs.grown(spec, 2, new Resources(900, 900, 64), 512));

        // More than the node has: the guest stays as it is and takes no room from others, and gets what there is room
        // for.
        long promised = promised(guest);
        ensure(Specs.grown(spec, 4, new Resources(300, 70_000, 64), 256));
        InstanceNotResized full = messages.await(InstanceNotResized.class, of(spec));
        assertThat(full.failure().code()).isEqualTo("NO_CAPACITY");
        assertThat(full.failure().message()).contains("free memory");
        assertThat(full.triesAgain()).isTrue();
        assertThat(guest.resources().memoryMiB()).isEqualTo(48);
        assertThat(promised(guest)).isEqualTo(promised);
        ensure(Specs.grown(spec, 5, new Resources(300, 70_000, 64), 256, "198.51.100.0/24"));
        messages.await(InstanceNotResized.class, event -> event.instance().generation() == 5);
        ensure(Specs.grown(spec, 6, new Resources(300, 64, 64), 256));
        messages.await(InstanceResized.class, event -> event.instance().generation() == 6);
        assertThat(guest.resources().memoryMiB()).isEqualTo(64);
        assertThat(Objects.requireNonNull(guest.volume()).sizeMiB()).isEqualTo(256);
        assertThat(promised(guest)).isEqualTo(promised + 16);
        assertThat(messages.all(InstanceNotResized.class).stream().filter(of(spec)))
                .extracting(event -> event.failure().code())
                .containsOnly("NO_CAPACITY");
        messages.publish(new RemoveVolume(spec.service()), spec.service());
        remove(spec, 9);
    }

    @Test
    void whatIsAskedForWhileItIsOnItsWayIsPromisedAsAWhole() {
        InstanceSpec spec = ensure(Specs.keeping(Specs.web("hurried", cluster.port()), new Volume(64, "/data")));
        ensure(Specs.grown(spec, 2, new Resources(300, 48, 64), 128));

        messages.await(InstanceResized.class, of(spec));

        FakeCluster.Guest guest = cluster.byHostname("hurried").orElseThrow();
        assertThat(guest.resources().memoryMiB()).isEqualTo(48);
        assertThat(Objects.requireNonNull(guest.volume()).sizeMiB()).isEqualTo(128);
        assertThat(promised(guest)).isEqualTo(48);
        cluster.mayDeleteVolumeOf(spec.service().toString());
        messages.publish(new RemoveVolume(spec.service()), spec.service());
        remove(spec, 9);
    }

    @Test
    void aGuestWhoseLimitsTheHypervisorDoesNotChangeWhileItRunsStaysAsItIs() {
        InstanceSpec spec = ensure(Specs.web("fixed", cluster.port()));
        int vmid = messages.await(InstanceStarted.class, of(spec)).vmid();
        awaitHealthy(spec);
        cluster.refuseLimits(vmid, ProxmoxFailure.OTHER);

        ensure(Specs.grown(spec, 2, new Resources(300, 48, 64), null));

        InstanceNotResized refused = messages.await(InstanceNotResized.class, of(spec));
        assertThat(refused.triesAgain()).isFalse();
        assertThat(refused.failure().code()).isEqualTo("RESIZE_REFUSED");
        assertThat(refused.failure().message()).contains("unable to hotplug memory");
        assertThat(cluster.byHostname("fixed").orElseThrow().resources()).isEqualTo(spec.resources());
        List<GuestTaskEnded> told = messages.all(GuestTaskEnded.class).stream()
                .filter(of(spec))
                .filter(event -> event.type().equals("config"))
                .toList();
        assertThat(told)
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.message()).startsWith("16 MiB of memory instead of 48"));
        // Who asks for something else is answered, too.
        ensure(Specs.grown(spec, 3, new Resources(300, 48, 64), null, "198.51.100.0/24"));
        messages.await(InstanceNotResized.class, event -> event.instance().generation() == 3 && !event.triesAgain());
    }

    @Test
    void aRightThatIsMissingIsWaitedFor() {
        InstanceSpec spec = ensure(Specs.web("unentitled", cluster.port()));
        int vmid = messages.await(InstanceStarted.class, of(spec)).vmid();
        awaitHealthy(spec);
        cluster.refuseLimits(vmid, ProxmoxFailure.DENIED);

        ensure(Specs.grown(spec, 2, new Resources(300, 48, 64), null));

        InstanceNotResized refused = messages.await(InstanceNotResized.class, of(spec));
        assertThat(refused.triesAgain()).isTrue();
        assertThat(refused.failure().code()).isEqualTo("RESIZE_REFUSED");
        cluster.refuseLimits(vmid, null);
        ensure(Specs.grown(spec, 3, new Resources(300, 48, 64), null));
        messages.await(InstanceResized.class, event -> event.instance().generation() == 3);
    }

    @Test
    void whatWasRemovedDoesNotComeBack() {
        InstanceSpec spec = ensure(Specs.web("ghost", cluster.port()));
        awaitHealthy(spec);
        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        ensure(Specs.generation(spec, 9));
        await().atMost(PATIENCE)
                .until(() -> messages.all(InstanceRemoved.class).stream()
                                .filter(event -> event.instance().id().equals(spec.instance()))
                                .count()
                        == 2);
        assertThat(cluster.byHostname("ghost")).isEmpty();
    }

    @Test
    void anInstanceNobodyKnowsIsSaidToBeGoneAndNeverComes() {
        InstanceSpec spec = Specs.web("never", cluster.port());
        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        ensure(spec);
        InstanceSpec after = ensure(Specs.web("after", cluster.port()));
        awaitHealthy(after);
        assertThat(cluster.byHostname("never")).isEmpty();
    }

    @Test
    void anOlderGenerationIsRefused() {
        InstanceSpec spec = ensure(Specs.generation(Specs.web("young", cluster.port()), 5));
        awaitHealthy(spec);
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 4, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
        InstanceSpec after = ensure(Specs.web("later", cluster.port()));
        awaitHealthy(after);
        assertThat(cluster.byHostname("young").orElseThrow().running()).isTrue();
    }

    @Test
    void everyTaskIsToldOfWithNodeNumberIdAndDuration() {
        InstanceSpec spec = ensure(Specs.web("told", cluster.port()));
        awaitHealthy(spec);
        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        assertThat(messages.all(GuestTaskEnded.class).stream().filter(of(spec)))
                .allSatisfy(task -> {
                    assertThat(task.node()).isEqualTo(started.node());
                    assertThat(task.vmid()).isEqualTo(started.vmid());
                    assertThat(task.outcome()).isEqualTo("OK");
                    assertThat(task.message()).isNull();
                    assertThat(task.task()).startsWith("UPID:" + started.node()).contains(":" + task.type() + ":");
                    assertThat(task.took()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
                })
                .extracting(GuestTaskEnded::type)
                .contains("vzcreate", "vzstart", "vzdestroy");
    }

    @Test
    void whatANodeDoesBesidesIsToldOfOnce() {
        InstanceSpec spec = ensure(Specs.web("besides", cluster.port()));
        awaitHealthy(spec);
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        String image = "containr-" + spec.image().digest().replace(':', '-');
        NodeTaskEnded pulled =
                messages.await(NodeTaskEnded.class, event -> event.subject().contains(image));
        assertThat(pulled.type()).isEqualTo("ociregistrypull");
        assertThat(pulled.node()).isEqualTo(started.node());
        assertThat(pulled.vmid()).isNull();
        assertThat(pulled.task()).startsWith("UPID:" + started.node());
        assertThat(pulled.outcome()).isEqualTo("OK");
        assertThat(pulled.took()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        NodeTaskEnded rules =
                messages.await(NodeTaskEnded.class, event -> Objects.equals(event.vmid(), started.vmid()));
        assertThat(rules.type()).isEqualTo("firewall");
        assertThat(rules.service()).isEqualTo(spec.service());
        assertThat(rules.outcome()).isEqualTo("OK");

        remove(spec, Duration.ZERO);
        messages.await(
                NodeTaskEnded.class,
                event -> event.type().equals("imgdel") && event.subject().contains(image));
        assertThat(messages.all(NodeTaskEnded.class))
                .filteredOn(event -> event.subject().contains(image))
                .hasSize(2);
    }

    @Test
    void anImageThatIsNotThereFailsTheInstanceAndLeavesNothing() {
        InstanceSpec spec = ensure(Specs.web("missing", cluster.port()));
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("IMAGE_PULL_FAILED");
        assertThat(failed.failure().message()).contains("manifest unknown");
        NodeTaskEnded told = messages.await(
                NodeTaskEnded.class,
                event -> event.subject().contains(spec.image().digest().replace(':', '-')));
        assertThat(told.outcome()).isEqualTo("IMAGE_UNAVAILABLE");
        assertThat(told.message()).contains("manifest unknown");
        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(count(
                        "select count(*) from template where digest = :digest",
                        spec.image().digest()))
                .isZero();
    }

    @Test
    void aGuestThatCannotBeStartedFailsTheInstance() {
        InstanceSpec spec = ensure(Specs.web("dead", cluster.port()));
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("START_FAILED");
        assertThat(failed.failure().message()).contains("startup for container");
    }

    @Test
    void anApplicationThatNeverListensFailsWithItsLastLinesAndStaysUntilItIsRemoved() throws UnknownHostException {
        InstanceSpec spec = ensure(
                Specs.checked(Specs.web("deaf", cluster.port()), new HealthCheck("/health", Duration.ofSeconds(2))));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        firstContact(spec, started.address());
        sessions.lines(
                spec.instance(),
                List.of(new GuestLine(1, Instant.now(), GuestLine.Stream.STDERR, "I do not feel like it", false)));
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("HEALTH_CHECK_FAILED");
        assertThat(failed.failure().message()).contains("2 s").contains("/health");
        assertThat(failed.lastLines()).containsExactly("I do not feel like it");
        assertThat(cluster.byHostname("deaf").orElseThrow().running()).isTrue();
        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(cluster.byHostname("deaf")).isEmpty();
    }

    @Test
    void anApplicationThatEndsAgainAndAgainFailsBeforeItsDeadline() {
        InstanceSpec spec = ensure(Specs.web("deaf-exits", cluster.port()));
        messages.await(InstanceStarted.class, of(spec));
        for (int restarts = 0; restarts < 3; restarts++) {
            sessions.state(
                    spec.instance(), new GuestState.Exited(3, null, restarts, Duration.ofMillis(1), Instant.now()));
        }
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("APP_EXITED");
        assertThat(failed.failure().message()).contains("3 times").contains("exit code 3");
        assertThat(messages.await(InstanceExited.class, of(spec)).exitCode()).isEqualTo(3);
    }

    @Test
    void aWorkerIsHealthyOnceItRuns() {
        InstanceSpec web = Specs.web("deaf-worker", cluster.port());
        InstanceSpec spec = ensure(new InstanceSpec(
                web.instance(),
                web.service(),
                web.project(),
                web.deployment(),
                1,
                web.name(),
                null,
                web.image(),
                null,
                Map.of(),
                Map.of(),
                web.resources(),
                null,
                null,
                Duration.ofSeconds(1),
                null,
                null,
                false,
                null));
        messages.await(InstanceStarted.class, of(spec));
        assertThat(messages.all(InstanceBecameHealthy.class))
                .noneMatch(event -> event.instance().id().equals(spec.instance()));
        sessions.state(spec.instance(), new GuestState.Running(7, 0, Instant.now()));
        assertThat(awaitHealthy(spec).port()).isNull();
    }

    @Test
    void aGuestThatStopsIsReportedStartedAgainAndReportedAgain() {
        InstanceSpec spec = ensure(Specs.web("phoenix", cluster.port()));
        awaitHealthy(spec);
        cluster.crash("phoenix");
        messages.await(InstanceBecameUnhealthy.class, of(spec));
        await().atMost(PATIENCE)
                .until(() -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(event -> event.instance().id().equals(spec.instance()))
                                .count()
                        == 2);
        assertThat(cluster.byHostname("phoenix").orElseThrow().running()).isTrue();
    }

    @Test
    void aNodeThatStaysAwayTakesItsInstancesWithIt() {
        InstanceSpec spec = ensure(Specs.in(Specs.web("south", cluster.port()), "south"));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        assertThat(started.node()).isEqualTo("n2");
        awaitHealthy(spec);
        try {
            cluster.setOffline("n2", true);
            assertThat(messages.await(InstanceFailed.class, of(spec)).failure().code())
                    .isEqualTo("NODE_LOST");
        } finally {
            cluster.setOffline("n2", false);
        }
    }

    @Test
    void anUnknownRegionIsAClearFailure() {
        InstanceSpec spec = ensure(Specs.in(Specs.web("moon", cluster.port()), "moon"));
        assertThat(messages.await(InstanceFailed.class, of(spec)).failure().code())
                .isEqualTo("NO_SUCH_REGION");
    }

    @Test
    void aRegionWhoseNodesTheClusterDoesNotHaveIsAClearFailure() {
        InstanceSpec spec = ensure(Specs.in(Specs.web("lost", cluster.port()), "lost"));
        Failure failure = messages.await(InstanceFailed.class, of(spec)).failure();
        assertThat(failure.code()).isEqualTo("NO_SUCH_REGION");
        assertThat(failure.message()).contains("region lost has no node", "n8 or n9");
    }

    @Test
    void whatFitsNowhereIsAClearFailure() {
        InstanceSpec web = Specs.web("huge", cluster.port());
        InstanceSpec spec = ensure(new InstanceSpec(
                web.instance(),
                web.service(),
                web.project(),
                web.deployment(),
                1,
                web.name(),
                null,
                web.image(),
                null,
                Map.of(),
                Map.of(),
                new Resources(100, 1_000_000, 64),
                web.port(),
                null,
                Duration.ofSeconds(1),
                null,
                null,
                false,
                null));
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("NO_CAPACITY");
        assertThat(failed.failure().message()).contains("1000000 MiB");
    }

    @Test
    void oneImageIsPulledOncePerNodeForAllItsReplicas() {
        PreparedImage image = Specs.image("shared");
        List<InstanceSpec> replicas = List.of(
                Specs.in(Specs.web("replica-1", cluster.port(), image), "south"),
                Specs.in(Specs.web("replica-2", cluster.port(), image), "south"),
                Specs.in(Specs.web("replica-3", cluster.port(), image), "south"));
        replicas.forEach(this::ensure);
        replicas.forEach(this::awaitHealthy);
        assertThat(cluster.pullsOf("containr-" + image.digest().replace(':', '-')))
                .isEqualTo(1);
    }

    @Test
    void aNumberSomebodyElseTookIsLeftAloneAndAnotherOneIsUsed() {
        int next = jdbc.sql("select coalesce(max(vmid), 9999) + 1 from instance")
                .query(Integer.class)
                .single();
        for (int vmid = next; vmid < next + 20; vmid++) {
            cluster.occupy(vmid, foreign(vmid, "other"));
        }
        InstanceSpec spec = ensure(Specs.web("evader", cluster.port()));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        assertThat(started.vmid()).isGreaterThanOrEqualTo(next + 20);
    }

    @Test
    void aGuestOfOursWithoutAnOwnerIsRemovedAndAStrangersIsNot() {
        cluster.occupy(19_000, foreign(19_000, "containr"));
        cluster.occupy(19_001, strange(19_001));
        cluster.occupy(9_000, foreign(9_000, "containr"));
        await().atMost(PATIENCE).until(() -> cluster.byHostname("guest-19000").isEmpty());
        InstanceSpec spec = ensure(Specs.web("bystander", cluster.port()));
        awaitHealthy(spec);
        assertThat(cluster.byHostname("guest-19001")).isPresent();
        assertThat(cluster.byHostname("guest-9000")).isPresent();

        NodeTaskEnded destroyed = messages.await(
                NodeTaskEnded.class,
                event -> Objects.equals(event.vmid(), 19_000) && event.type().equals("vzdestroy"));
        assertThat(destroyed.outcome()).isEqualTo("OK");
        assertThat(destroyed.service()).isNull();
        assertThat(destroyed.task()).startsWith("UPID:" + destroyed.node());
    }

    /** As whoever is killed between the call and its note leaves it. */
    @Test
    void aTaskOnAGuestWithoutAnOwnerIsToldOfAlthoughItsBeginningWasCutOff() {
        cluster.occupy(19_002, strange(19_002));
        jdbc.sql("""
                insert into unowned_task (vmid, node, type, subject, since)
                values (19002, 'n1', 'vzdestroy', 'a guest that no instance owns', now())""").update();
        String begun = cluster.destroy("n1", 19_002).value();

        NodeTaskEnded told = messages.await(NodeTaskEnded.class, event -> Objects.equals(event.vmid(), 19_002));
        assertThat(told.task()).isEqualTo(begun);
        assertThat(told.outcome()).isEqualTo("OK");
        await().until(() -> jdbc.sql("select count(*) from unowned_task where vmid = 19002")
                        .query(Integer.class)
                        .single()
                == 0);
    }

    @Test
    void anImageNobodyCanWantBackIsDeletedAndARetainedOneIsNot() {
        InstanceSpec kept = ensure(Specs.web("kept", cluster.port()));
        InstanceSpec dropped = ensure(Specs.web("dropped", cluster.port()));
        String node = messages.await(InstanceStarted.class, of(dropped)).node();
        String nodeOfKept = messages.await(InstanceStarted.class, of(kept)).node();
        messages.publish(
                new ReleasesRetained(
                        kept.service(), kept.project(), Set.of(kept.image().digest())),
                kept.service());
        remove(kept, Duration.ZERO);
        remove(dropped, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(kept));
        messages.await(InstanceRemoved.class, of(dropped));
        await().atMost(PATIENCE)
                .until(() -> !cluster.templates(node, "local")
                        .toString()
                        .contains(dropped.image().tag()));
        assertThat(cluster.templates(nodeOfKept, "local").toString())
                .contains(kept.image().tag());
    }

    @Test
    void aGuestIsLetInOnceFromItsOwnAddressAndKeepsItsSession() throws UnknownHostException {
        InstanceSpec web = Specs.web("talker", cluster.port());
        String sealed = "s3cret\nwith a second line";
        InstanceSpec spec = ensure(new InstanceSpec(
                web.instance(),
                web.service(),
                web.project(),
                web.deployment(),
                1,
                web.name(),
                null,
                web.image(),
                null,
                Map.of("PORT", "1"),
                Map.of("KEY", secrets.seal(sealed, ServiceSpec.sealedFor(web.service(), "KEY"))),
                web.resources(),
                web.port(),
                null,
                Duration.ofSeconds(1),
                null,
                null,
                false,
                null));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        String token = token("talker");
        assertThat(cluster.byHostname("talker").orElseThrow().environment().toString())
                .doesNotContain("s3cret");

        InetAddress own = InetAddress.getByName(started.address());
        InetAddress other = InetAddress.getByName("127.77.3.250");
        assertThat(sessions.firstContact(spec.instance(), token, other)).isInstanceOf(Admission.Refused.class);
        assertThat(sessions.firstContact(spec.instance(), token + "x", own)).isInstanceOf(Admission.Refused.class);
        Admission.Welcome welcome = (Admission.Welcome) sessions.firstContact(spec.instance(), token, own);
        assertThat(welcome.spec()).isNotNull();
        assertThat(welcome.spec().env()).contains(GuestVariable.of("KEY", sealed), GuestVariable.of("PORT", "1"));
        assertThat(welcome.spec().argv()).containsExactly("/bin/server");

        Admission.Welcome again = (Admission.Welcome) sessions.firstContact(spec.instance(), token, own);
        assertThat(sessions.resume(spec.instance(), welcome.session(), own)).isInstanceOf(Admission.Refused.class);
        assertThat(sessions.resume(spec.instance(), again.session(), own)).isInstanceOf(Admission.Welcome.class);
        assertThat(sessions.firstContact(spec.instance(), token, own))
                .isEqualTo(new Admission.Refused("token unknown or already used", false));
        sessions.confirm(spec.instance());

        GuestLine line = new GuestLine(1, Instant.now(), GuestLine.Stream.STDOUT, "hello", false);
        sessions.lines(spec.instance(), List.of(line));
        sessions.lines(
                spec.instance(),
                List.of(line, new GuestLine(2, Instant.now(), GuestLine.Stream.STDOUT, "again", false)));
        messages.await(LogLines.class, lines -> lines.lines().getLast().text().equals("again"));
        List<String> texts = messages.all(LogLines.class).stream()
                .filter(lines -> spec.instance().equals(lines.instance()))
                .flatMap(lines -> lines.lines().stream())
                .map(LogLines.Line::text)
                .toList();
        assertThat(texts).containsExactly("hello", "again");
        Admission.Welcome resumed = (Admission.Welcome) sessions.resume(spec.instance(), again.session(), own);
        assertThat(resumed.acked()).isEqualTo(2);

        remove(spec, Duration.ZERO);
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(sessions.resume(spec.instance(), again.session(), own)).isInstanceOf(Admission.Refused.class);
    }

    @Test
    void theActorOfACommandIsTheActorOfItsEvents() {
        InstanceSpec spec = ensure(Specs.web("traced", cluster.port()));
        UUID started =
                messages.awaitMeta(InstanceStarted.class, of(spec)).origin().correlationId();
        UUID healthy = messages.awaitMeta(InstanceBecameHealthy.class, of(spec))
                .origin()
                .correlationId();
        assertThat(started).isEqualTo(healthy);
    }

    private static GuestPlan foreign(int vmid, String pool) {
        return plan(vmid, pool, "containr instance of nobody");
    }

    private static GuestPlan strange(int vmid) {
        return plan(vmid, "containr", "my precious");
    }

    private static GuestPlan plan(int vmid, String pool, String description) {
        return new GuestPlan(
                vmid,
                "guest-" + vmid,
                description + " " + vmid,
                pool,
                "none",
                "none",
                new Resources(100, 16, 16),
                "vmbr0",
                "10.0.0." + vmid,
                "10.0.0.1",
                false,
                true);
    }

    private void firstContact(InstanceSpec spec, String address) throws UnknownHostException {
        assertThat(sessions.firstContact(spec.instance(), token(spec.name()), InetAddress.getByName(address)))
                .isInstanceOf(Admission.Welcome.class);
    }

    private String token(String hostname) {
        return cluster.byHostname(hostname).orElseThrow().environment().get("CONTAINR_TOKEN");
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    /** On the guest's node, to what volumes are on: other tests' guests have none. */
    private long promised(FakeCluster.Guest guest) {
        return jdbc.sql("""
                        select load.memory_mib - coalesce(sum((spec::jsonb -> 'resources' ->> 'memoryMiB')::bigint), 0)
                        from node_load load left join instance on instance.node = load.node and phase <> 'REMOVED'
                            and spec::jsonb -> 'volume' is null
                        where load.node = :node group by load.memory_mib""").param("node", guest.node()).query(Long.class).single();
    }

    private void remove(InstanceSpec spec, long generation) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), generation, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
        messages.await(InstanceRemoved.class, of(spec));
    }

    private void remove(InstanceSpec spec, Duration drain) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 2, drain, Duration.ofSeconds(1)), spec.service());
    }

    private InstanceBecameHealthy awaitHealthy(InstanceSpec spec) {
        return messages.await(InstanceBecameHealthy.class, of(spec));
    }

    private static <T extends AgentEvent> Predicate<T> of(InstanceSpec spec) {
        InstanceId id = spec.instance();
        return event -> event.instance().id().equals(id);
    }

    private Optional<String> addressOf(InstanceSpec spec) {
        return jdbc.sql("select address from address where instance_id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .optional();
    }

    private long count(String sql, String digest) {
        return jdbc.sql(sql).param("digest", digest).query(Long.class).single();
    }
}

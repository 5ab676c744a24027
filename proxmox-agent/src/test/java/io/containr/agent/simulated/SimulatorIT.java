package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceExited;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.runtime.secrets.SecretBox;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import io.containr.testing.TestMessages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** The agent over HTTPS before a simulated cluster, with real guests that run guest-init and call the agent. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.watch.interval=300ms",
            "containr.agent.watch.cleanup-interval=300ms",
            "containr.agent.watch.orphan-grace=1s",
            "containr.agent.guests.exits-before-failed=2",
            "containr.agent.guests.steady=1s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@DirtiesContext
class SimulatorIT {

    private static final Logger log = LoggerFactory.getLogger(SimulatorIT.class);
    private static final int PORT = 8080;
    private static final Duration STEADY = Duration.ofSeconds(1);
    private static final String SERVE = """
            /bin/busybox mkdir -p /www
            echo -n "$MESSAGE|$FROM_IMAGE" > /www/index.html
            echo serving
            exec /bin/busybox httpd -f -p $PORT -h /www""";

    private static PreparedImage image;

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private SecretBox secrets;

    @Autowired
    private JdbcClient jdbc;

    private final Faults faults = SimulatedCluster.lab().simulator().faults();
    private final List<InstanceSpec> asked = new ArrayList<>();
    private static boolean taken;

    private TestMessages messages;

    @BeforeAll
    static void publish() throws Exception {
        image = SimulatedCluster.lab().publishImage();
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
        faults.clear();
        // A volume outlives its instances, and what one test left would be in the way of all that follow.
        asked.stream()
                .filter(spec -> spec.volume() != null)
                .forEach(spec -> messages.publish(
                        new ServiceDeleted(spec.service(), spec.project(), new UserId(Ids.next())), spec.project()));
        asked.forEach(spec -> messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service()));
        await().atMost(Duration.ofSeconds(30))
                .ignoreException(ProxmoxException.class) // one that goes between the two calls
                .until(() -> guests() == 0 && addresses() == 0);
        messages.close();
    }

    @Test
    void anApplicationRunsWithItsVariablesAnswersLogsAndGoes() throws Exception {
        InstanceSpec spec = ensure(shell("web", SERVE, image));
        InstanceBecameHealthy healthy = messages.await(InstanceBecameHealthy.class, of(spec));
        log.info("cold: {}", healthy.phases());
        assertThat(get(healthy.address())).isEqualTo("line one\nline \"two\"|yes");
        LogLines lines = messages.await(LogLines.class, found -> spec.instance().equals(found.instance()));
        assertThat(lines.deployment()).isEqualTo(spec.deployment());
        messages.await(
                LogLines.class,
                found -> spec.instance().equals(found.instance())
                        && found.lines().stream().anyMatch(line -> line.text().equals("serving")));

        long begun = System.nanoTime();
        InstanceSpec second = ensure(shell("web", SERVE, image));
        InstanceBecameHealthy warm = messages.await(InstanceBecameHealthy.class, of(second));
        log.info(
                "warm: {} ms from command to event, {}",
                Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                warm.phases());

        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 2, Duration.ofMillis(200), Duration.ofSeconds(5)),
                spec.service());
        messages.await(InstanceRemoved.class, of(spec));
        assertThat(get(warm.address())).startsWith("line one");
    }

    /** All at once, since each has to be waited for. */
    @Test
    void whatNeverRunsFailsForItsOwnReason() {
        InstanceSpec quitter = ensure(shell("quitter", "echo goodbye cruel world; exit 7", image));
        InstanceSpec nervous = ensure(worker("nervous", "echo no queue to work on; /bin/busybox sleep 0.3; exit 4"));
        InstanceSpec nobody = ensure(command("nobody", List.of("/bin/nope"), image));
        InstanceSpec imageless = ensure(shell(
                "imageless",
                SERVE,
                new PreparedImage(image.repository(), "nothing", "sha256:" + "0".repeat(64), 1, image.config())));

        anApplicationThatEndsFailsWithItsExitCodeAndItsLastWords(quitter);
        aWorkerThatEndsAgainAndAgainIsNeverHealthy(nervous);
        aCommandThatDoesNotExistFailsAtOnce(nobody);
        anImageTheRegistryDoesNotHaveIsNotAskedForAgain(imageless);
    }

    private void anApplicationThatEndsFailsWithItsExitCodeAndItsLastWords(InstanceSpec spec) {
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("APP_EXITED");
        assertThat(failed.failure().message()).contains("exit code 7");
        assertThat(failed.lastLines()).contains("goodbye cruel world");
        assertThat(messages.await(InstanceExited.class, of(spec)).exitCode()).isEqualTo(7);
    }

    private void aWorkerThatEndsAgainAndAgainIsNeverHealthy(InstanceSpec spec) {
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("APP_EXITED");
        assertThat(failed.failure().message()).contains("exit code 4");
        assertThat(failed.lastLines()).contains("no queue to work on");
        assertThat(messages.all(InstanceBecameHealthy.class)).noneMatch(of(spec)::test);
    }

    private void aCommandThatDoesNotExistFailsAtOnce(InstanceSpec spec) {
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("APP_EXITED");
        assertThat(failed.failure().message()).contains("/bin/nope");
    }

    private void anImageTheRegistryDoesNotHaveIsNotAskedForAgain(InstanceSpec spec) {
        InstanceFailed failed = messages.await(InstanceFailed.class, of(spec));
        assertThat(failed.failure().code()).isEqualTo("IMAGE_PULL_FAILED");
        assertThat(failed.failure().message()).contains("manifest unknown");
        assertThat(jdbc.sql("select attempts from instance where id = :id")
                        .param("id", spec.instance().value())
                        .query(Integer.class)
                        .single())
                .as("pulls that failed and were tried again")
                .isZero();
    }

    @Test
    void aWorkerIsHealthyOnceItsProcessStaysUp() {
        InstanceSpec spec = ensure(worker("steady", "echo working; exec /bin/busybox sleep 1000"));
        InstanceBecameHealthy healthy = messages.await(InstanceBecameHealthy.class, of(spec));
        assertThat(healthy.port()).isNull();
        assertThat(jdbc.sql("""
                        select extract(epoch from phase_since - app_heard_at) from instance
                        join guest_session on guest_session.instance_id = instance.id
                        where id = :id and phase = 'HEALTHY' and app_state = 'RUNNING'""")
                        .param("id", spec.instance().value())
                        .query(Double.class)
                        .single())
                .as("seconds between the first sign of its process and its health")
                .isGreaterThanOrEqualTo(STEADY.toMillis() / 1000.0);
    }

    @Test
    void whatRunsOnceRunsOnceTellsItsExitCodeAndWaitsForItsRemoval() {
        InstanceSpec good = ensure(once("good", "echo backing up; echo done"));
        InstanceSpec bad = ensure(once("bad", "echo no space left; exit 3"));
        InstanceSpec broken = ensure(once("broken", "/bin/nope", List.of("/bin/nope")));
        assertThat(messages.await(InstanceExited.class, of(good)).exitCode()).isZero();
        assertThat(messages.await(InstanceExited.class, of(bad)).exitCode()).isEqualTo(3);
        assertThat(messages.await(InstanceFailed.class, of(broken)).failure().message())
                .contains("/bin/nope");
        await().until(() -> phase(good).equals("ENDED") && phase(bad).equals("ENDED"));
        messages.await(
                LogLines.class,
                found -> bad.instance().equals(found.instance())
                        && found.lines().stream().anyMatch(line -> line.text().equals("no space left")));
        assertThat(lines(good)).filteredOn("backing up"::equals).hasSize(1);
        assertThat(messages.all(InstanceExited.class).stream().filter(of(good))).hasSize(1);
        assertThat(messages.all(InstanceBecameHealthy.class)).noneMatch(of(good)::test);
    }

    @Test
    void aRunWhoseMachineFailsIsNotStartedASecondTime() {
        InstanceSpec spec = ensure(once("long", "echo begun; exec /bin/busybox sleep 1000"));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        await().until(() -> lines(spec).contains("begun"));
        proxmox.stop(started.node(), started.vmid());
        assertThat(messages.await(InstanceFailed.class, of(spec)).failure().code())
                .isEqualTo("GUEST_LOST");
        assertThat(lines(spec)).filteredOn("begun"::equals).hasSize(1);
    }

    private List<String> lines(InstanceSpec spec) {
        return messages.all(LogLines.class).stream()
                .filter(found -> spec.instance().equals(found.instance()))
                .flatMap(found -> found.lines().stream())
                .map(LogLines.Line::text)
                .toList();
    }

    private String phase(InstanceSpec spec) {
        return jdbc.sql("select phase from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .single();
    }

    private InstanceSpec once(String name, String script) {
        return once(name, script, List.of("/bin/busybox", "sh", "-c", script));
    }

    private InstanceSpec once(String name, String script, List<String> command) {
        InstanceSpec spec = worker(name, script);
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                null,
                spec.image(),
                command,
                Map.of(),
                spec.variables(),
                spec.resources(),
                null,
                null,
                spec.stopGrace(),
                null,
                null,
                true,
                null);
    }

    @Test
    void aGuestWhoseMachineFailsIsStartedAgain() {
        InstanceSpec spec = ensure(shell("web", SERVE, image));
        messages.await(InstanceBecameHealthy.class, of(spec));
        InstanceStarted started = messages.await(InstanceStarted.class, of(spec));
        proxmox.stop(started.node(), started.vmid());
        messages.await(InstanceBecameUnhealthy.class, of(spec));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(of(spec))
                                .count()
                        == 2);
    }

    private static final String COUNT = """
            echo "$MESSAGE" | /bin/busybox head -n 1 >> /data/starts
            echo up > /data/index.html
            exec /bin/busybox httpd -f -p $PORT -h /data""";

    /** Each start writes a line to the volume and serves what is there. */
    @Test
    void aVolumeOutlivesItsInstancesGrowsComesBackAfterAFailureAndGoesWithItsService() throws Exception {
        InstanceSpec first = ensure(keeping(shell("first", COUNT, image), 64));
        InstanceBecameHealthy firstUp = messages.await(InstanceBecameHealthy.class, of(first));
        assertThat(get(firstUp.address(), "/starts")).isEqualTo("line one\n");
        assertThat(firstUp.phases()).doesNotContainKey("gap");

        InstanceSpec second = ensure(keeping(after(first, "second", COUNT), 96));
        InstanceBecameHealthy secondUp = messages.await(InstanceBecameHealthy.class, of(second));
        assertThat(get(secondUp.address(), "/starts")).isEqualTo("line one\nline one\n");
        log.info("volume handed over: {}", secondUp.phases());
        assertThat(secondUp.phases().get("gap")).isPositive();
        InstanceStarted there = messages.await(InstanceStarted.class, of(second));
        assertThat(Objects.requireNonNull(
                                proxmox.config(there.node(), there.vmid()).volume())
                        .sizeMiB())
                .isGreaterThanOrEqualTo(96);
        messages.await(InstanceBecameUnhealthy.class, of(first));
        remove(first);
        messages.await(InstanceRemoved.class, of(first));

        ensure(Specs.grown(second, second.generation() + 1, new Resources(700, 80, 64), 160));
        messages.await(InstanceResized.class, of(second));
        GuestConfig grown = proxmox.config(there.node(), there.vmid());
        assertThat(grown.memoryMiB()).isEqualTo(80);
        assertThat(grown.cpuMillis()).isEqualTo(700);
        assertThat(Objects.requireNonNull(grown.volume()).sizeMiB()).isEqualTo(160);
        assertThat(get(secondUp.address(), "/starts")).isEqualTo("line one\nline one\n");

        InstanceSpec broken = ensure(keeping(after(second, "broken", "echo cannot read the data; exit 5"), 64));
        InstanceFailed failed = messages.await(InstanceFailed.class, of(broken));
        assertThat(failed.lastLines()).contains("cannot read the data");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(of(second))
                                .count()
                        == 2);
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(get(secondUp.address(), "/starts")).isEqualTo("line one\nline one\nline one\n"));
        remove(broken);
        messages.await(InstanceRemoved.class, of(broken));

        remove(second);
        messages.await(InstanceRemoved.class, of(second));
        InstanceSpec third = ensure(keeping(after(second, "third", COUNT), 64));
        InstanceBecameHealthy thirdUp = messages.await(InstanceBecameHealthy.class, of(third));
        assertThat(get(thirdUp.address(), "/starts").lines()).hasSize(4);
        assertThat(thirdUp.phases()).doesNotContainKey("gap");

        messages.publish(new ServiceDeleted(first.service(), first.project(), new UserId(Ids.next())), first.project());
        remove(third);
        messages.await(InstanceRemoved.class, of(third));
        assertThat(volumes()).isZero();
    }

    @Test
    void theVolumeOfAServiceThatWasStoppedGoesWhenItIsDeleted() throws Exception {
        InstanceSpec only = ensure(keeping(shell("only", COUNT, image), 64));
        messages.await(InstanceBecameHealthy.class, of(only));
        remove(only);
        messages.await(InstanceRemoved.class, of(only));
        assertThat(volumes()).isOne();
        messages.publish(new ServiceDeleted(only.service(), only.project(), new UserId(Ids.next())), only.project());
        // One that goes between the list and the look at it is none's to look at.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(ProxmoxException.class)
                .until(() -> volumes() == 0 && guests() == 0);
    }

    private long volumes() {
        return proxmox.cluster().guests().stream()
                .filter(guest -> proxmox.config(guest.node(), guest.vmid()).volume() != null)
                .count();
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(2)),
                spec.service());
    }

    private InstanceSpec keeping(InstanceSpec spec, int sizeMiB) {
        return Specs.keeping(spec, new Volume(sizeMiB, "/data"));
    }

    /** The next instance of the same service, with another command. */
    private InstanceSpec after(InstanceSpec spec, String name, String script) {
        InstanceSpec next = Specs.successor(spec, name);
        return Specs.running(next, List.of("/bin/busybox", "sh", "-c", script));
    }

    /** What may go wrong between the agent and its cluster. */
    enum Mishap {
        CREATE_ANSWER_LOST {
            @Override
            void arrange(Faults faults) {
                faults.add(call("POST", "/nodes/[^/]+/lxc", new CallFault.Behaviour.Drop())
                        .afterwards());
            }
        },
        CREATE_NEVER_ARRIVED {
            @Override
            void arrange(Faults faults) {
                faults.add(call("POST", "/nodes/[^/]+/lxc", new CallFault.Behaviour.Status(595, "no", false)));
            }
        },
        CREATE_TASK_KILLED {
            @Override
            void arrange(Faults faults) {
                faults.add(task("vzcreate", TaskFault.Behaviour.UNEXPECTED));
            }
        },
        START_ANSWER_LOST {
            @Override
            void arrange(Faults faults) {
                faults.add(call("POST", ".*/status/start", new CallFault.Behaviour.Status(596, "no", false))
                        .afterwards());
            }
        },
        START_TASK_FAILS_BUT_STARTED {
            @Override
            void arrange(Faults faults) {
                faults.add(task("vzstart", TaskFault.Behaviour.FAIL_AFTERWARDS));
            }
        },
        START_TASK_KILLED {
            @Override
            void arrange(Faults faults) {
                faults.add(task("vzstart", TaskFault.Behaviour.UNEXPECTED));
            }
        },
        GUEST_DIES_AT_START {
            @Override
            void arrange(Faults faults) {
                faults.add(task("vzstart", TaskFault.Behaviour.GUEST_DIES));
            }
        },
        CONFIGURE_ANSWER_LOST {
            @Override
            void arrange(Faults faults) {
                faults.add(
                        call("PUT", ".*/config", new CallFault.Behaviour.Drop()).afterwards());
            }
        },
        GARBAGE_FOR_A_STATUS {
            @Override
            void arrange(Faults faults) {
                faults.add(call("GET", ".*/status/current", new CallFault.Behaviour.Garbage()));
            }
        },
        NO_QUORUM_FOR_A_MOMENT {
            @Override
            void arrange(Faults faults) {
                faults.add(call(
                        "POST",
                        "/nodes/[^/]+/lxc",
                        new CallFault.Behaviour.Status(500, "cluster not ready - no quorum?", true)));
            }
        };

        abstract void arrange(Faults faults);

        private static CallFault call(String method, String path, CallFault.Behaviour behaviour) {
            return CallFault.of(method, path, 1, behaviour);
        }

        private static TaskFault task(String type, TaskFault.Behaviour behaviour) {
            return TaskFault.of(type, ".*", 1, behaviour, "something broke");
        }
    }

    /** As many instances as mishaps, at once: each mishap strikes one of them. */
    @Test
    void mishapsDelayInstancesAndLeaveNothingBehind() throws Exception {
        for (Mishap mishap : Mishap.values()) {
            mishap.arrange(faults);
        }
        List<InstanceSpec> specs = Stream.of(Mishap.values())
                .map(mishap -> ensure(shell("web-" + mishap.ordinal(), SERVE, image)))
                .toList();
        // The engine starts one container after the other.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> specs.stream()
                        .allMatch(spec -> messages.all(InstanceBecameHealthy.class).stream()
                                .anyMatch(of(spec))));
        for (InstanceSpec spec : specs) {
            InstanceBecameHealthy healthy = messages.await(InstanceBecameHealthy.class, of(spec));
            assertThat(get(healthy.address())).startsWith("line one");
        }
        assertThat(faults.waiting()).as("mishaps that struck nobody").isZero();
        assertThat(guests()).isEqualTo(specs.size());
        assertThat(addresses()).isEqualTo(specs.size());
    }

    /** All but the stub that a killed creation leaves, which only the node's root can remove. */
    private long guests() {
        return proxmox.cluster().guests().stream()
                .filter(guest -> proxmox.status(guest.node(), guest.vmid())
                        .filter(status -> !"create".equals(status.lock()))
                        .isPresent())
                .count();
    }

    private long addresses() {
        return jdbc.sql("select count(*) from address where instance_id is not null")
                .query(Long.class)
                .single();
    }

    private static String get(String address) throws Exception {
        return get(address, "/");
    }

    private static String get(String address, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + ":" + PORT + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        asked.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private InstanceSpec shell(String name, String script, PreparedImage of) {
        return command(name, List.of("/bin/busybox", "sh", "-c", script), of);
    }

    /** It listens nowhere. */
    private InstanceSpec worker(String name, String script) {
        InstanceSpec spec = shell(name, script, image);
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                null,
                spec.image(),
                spec.command(),
                Map.of(),
                spec.variables(),
                spec.resources(),
                null,
                null,
                spec.stopGrace(),
                null,
                null,
                false,
                null);
    }

    private InstanceSpec command(String name, List<String> command, PreparedImage of) {
        ServiceId service = new ServiceId(Ids.next());
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                service,
                new ProjectId(Ids.next()),
                new DeploymentId(Ids.next()),
                1,
                name,
                null,
                of,
                command,
                Map.of("PORT", Integer.toString(PORT)),
                Map.of("MESSAGE", secrets.seal("line one\nline \"two\"", ServiceSpec.sealedFor(service, "MESSAGE"))),
                new Resources(500, 64, 64),
                PORT,
                new HealthCheck("/", Duration.ofSeconds(20)),
                Duration.ofSeconds(2),
                null,
                null,
                false,
                null);
    }

    private static <T extends AgentEvent> Predicate<T> of(InstanceSpec spec) {
        return event -> event.instance().id().equals(spec.instance());
    }
}

package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.GuestTaskEnded;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.InstanceId;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.CallFault.Behaviour;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import io.containr.testing.TestMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** What a cluster may do to the agent over the wire, and that each instance then runs or is reported, with nothing left behind. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.proxmox.read-timeout=2s",
            "containr.agent.timeouts.task=3s",
            "containr.agent.watch.interval=500ms",
            "containr.agent.watch.node-grace=1s",
            "containr.agent.watch.cleanup-interval=300ms",
            "containr.agent.watch.orphan-grace=1s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@DirtiesContext
class ClusterFaultsIT {

    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Fewer than faults, since starting a guest takes the engine a second or two; each may be struck more than once. */
    private static final int GUESTS = 6;

    private static final String LXC = "/nodes/[^/]+/lxc";

    private PreparedImage image;

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private MeterRegistry metrics;

    private final Faults faults = SimulatedCluster.lab().simulator().faults();
    private final List<InstanceSpec> asked = new ArrayList<>();
    private static boolean taken;

    private TestMessages messages;

    /** Each test has an image of its own: one that another test's guests brought to the nodes would not be pulled. */
    @BeforeEach
    void listen() throws Exception {
        image = SimulatedCluster.lab().publishImage();
        messages = new TestMessages();
        if (!taken) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            taken = true;
        }
    }

    @Test
    void howFullStoragesAreIsMeasured() {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(metrics.get("containr.storage.size")
                                .tags("node", "pve1", "storage", "local")
                                .gauge()
                                .value())
                        .isPositive());
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            asked.forEach(this::remove);
            Set<InstanceId> all = asked.stream().map(InstanceSpec::instance).collect(Collectors.toSet());
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(reported(InstanceRemoved.class)).containsAll(all));
            await().atMost(PATIENCE)
                    .ignoreException(ProxmoxException.class)
                    .until(() -> guests() == 0 && addresses() == 0);
        } finally {
            faults.clear();
            messages.close();
        }
    }

    private static CallFault call(String method, String path, Behaviour behaviour) {
        return CallFault.of(method, path, 1, behaviour);
    }

    private static Behaviour refusal(int code, String reason) {
        return new Behaviour.Status(code, reason, code < 595 && code != 401);
    }

    private static TaskFault task(String type, TaskFault.Behaviour behaviour) {
        return TaskFault.of(type, ".*", 1, behaviour, "something broke");
    }

    @Test
    void whateverStrikesOnTheWayUpAndDownIsOvercomeOrReported() {
        Behaviour silence = new Behaviour.Silence(Duration.ofSeconds(4));
        List<CallFault> calls = List.of(
                call("POST", LXC, silence),
                call("POST", LXC, silence).afterwards(),
                call("POST", LXC, new Behaviour.Garbage()).afterwards(),
                call("POST", LXC, refusal(401, "authentication failure")),
                call("POST", LXC, refusal(403, "Permission check failed")),
                call("POST", ".*/status/start", refusal(500, "something nobody has heard of")),
                call("POST", ".*/status/start", refusal(599, "Too many redirections")),
                call("PUT", ".*/config", refusal(597, "Broken pipe")).afterwards());
        List<TaskFault> tasks = List.of(
                task("ociregistrypull", TaskFault.Behaviour.UNEXPECTED),
                task("vzcreate", TaskFault.Behaviour.HANG),
                task("vzstart", TaskFault.Behaviour.HANG));
        calls.forEach(faults::add);
        tasks.forEach(faults::add);
        for (int index = 0; index < GUESTS; index++) {
            ensure("struck-" + index);
        }
        settled();
        assertThat(faults.waiting()).as("faults that struck nobody").isZero();
        assertThat(reported(InstanceFailed.class)).isEmpty();
        assertThat(guests()).isEqualTo(asked.size());
        assertThat(addresses()).isEqualTo(asked.size());
        assertThat(metrics.get("containr.agent.tasks")
                        .tags("type", "vzcreate", "outcome", "OK")
                        .timer()
                        .count())
                .isGreaterThanOrEqualTo(asked.size());
        assertThat(metrics.get("containr.proxmox.calls")
                        .tags("call", "create", "outcome", "DENIED")
                        .timer()
                        .count())
                .isOne();

        faults.add(call("POST", ".*/status/shutdown", new Behaviour.Drop()).afterwards());
        faults.add(call("POST", ".*/status/shutdown", refusal(595, "Connection refused")));
        faults.add(call("DELETE", LXC + "/\\d+", silence).afterwards());
        faults.add(call("DELETE", LXC + "/\\d+", refusal(500, "something nobody has heard of")));
        faults.add(task("vzshutdown", TaskFault.Behaviour.FAIL));
        faults.add(task("vzshutdown", TaskFault.Behaviour.HANG));
        faults.add(task("vzdestroy", TaskFault.Behaviour.UNEXPECTED));
        faults.add(task("vzdestroy", TaskFault.Behaviour.HANG));
    }

    @Test
    void aFullStorageIsReportedInItsOwnWords() {
        faults.storageFull("local-lvm", true);
        InstanceSpec spec = ensure("too-large");
        InstanceFailed failed = messages.await(
                InstanceFailed.class, event -> event.instance().id().equals(spec.instance()));
        assertThat(failed.failure().code()).isEqualTo("CREATE_FAILED");
        assertThat(failed.failure().message()).contains("free space in thin pool");
        assertThat(messages.all(GuestTaskEnded.class))
                .filteredOn(task -> task.instance().id().equals(spec.instance()))
                .allSatisfy(task -> assertThat(task.outcome()).isEqualTo("STORAGE_FULL"))
                .isNotEmpty();
        assertThat(guests()).isZero();
    }

    /** The guest itself runs on, as behind a broken link: it is given up all the same, and ended when its node can be reached again. */
    @Test
    void aNodeThatIsAwayLosesItsInstanceToAnotherAndComesBackWithoutIt() {
        InstanceSpec lost = ensure("lost");
        settled();
        String away = nodeOf(lost);
        faults.nodeOffline(away);
        InstanceFailed failed = messages.await(
                InstanceFailed.class, event -> event.instance().id().equals(lost.instance()));
        assertThat(failed.failure().code()).isEqualTo("NODE_LOST");
        remove(lost);
        InstanceSpec next = ensure("found");
        settled();
        assertThat(nodeOf(next)).isNotEqualTo(away);
        assertThat(reported(InstanceRemoved.class)).doesNotContain(lost.instance());

        faults.nodeOnline(away);
        messages.await(InstanceRemoved.class, event -> event.instance().id().equals(lost.instance()));
        assertThat(guests()).isOne();
    }

    private String nodeOf(InstanceSpec spec) {
        return messages.await(
                        InstanceStarted.class, event -> event.instance().id().equals(spec.instance()))
                .node();
    }

    /** Both pass by themselves: nothing is reported, and what was asked for comes as soon as it can. */
    @Test
    void aLostQuorumAndARefusedTokenAreWaitedOut() {
        faults.quorum(false);
        InstanceSpec spec = ensure("patient");
        await().atMost(PATIENCE).until(() -> lastError(spec).contains("no quorum"));
        faults.quorum(true);
        faults.add(CallFault.of(".*", ".*", Integer.MAX_VALUE, refusal(401, "authentication failure")));
        await().atMost(PATIENCE).until(() -> lastError(spec).contains("401"));
        faults.clear();
        settled();
        assertThat(reported(InstanceFailed.class)).isEmpty();
        assertThat(guests()).isOne();
    }

    private String lastError(InstanceSpec spec) {
        return jdbc.sql("select coalesce(last_error, '') from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .optional()
                .orElse("");
    }

    private void settled() {
        Set<InstanceId> all = asked.stream().map(InstanceSpec::instance).collect(Collectors.toSet());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Stream.concat(
                                reported(InstanceBecameHealthy.class).stream(),
                                reported(InstanceFailed.class).stream()))
                        .containsAll(all));
    }

    private Set<InstanceId> reported(Class<? extends AgentEvent> type) {
        return messages.all(type).stream().map(event -> event.instance().id()).collect(Collectors.toSet());
    }

    private InstanceSpec ensure(String name) {
        InstanceSpec spec = Specs.running(
                Specs.web(name, PORT, image), List.of("/bin/busybox", "httpd", "-f", "-p", "" + PORT, "-h", "/bin"));
        asked.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
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
}

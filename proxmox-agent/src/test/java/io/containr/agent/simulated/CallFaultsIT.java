package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.InstanceMeasured;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.Ids;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.CallFault.Behaviour;
import io.containr.simulator.fault.Faults;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** What goes wrong with the calls for uploads, firewalls, backups and measurements; nothing of it is seen from outside but its delay. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.proxmox.read-timeout=2s",
            "containr.agent.guests.upload-images=true",
            "containr.agent.watch.interval=500ms",
            "containr.agent.watch.usage=500ms",
            "containr.agent.watch.cleanup-interval=300ms",
            "containr.agent.watch.orphan-grace=2s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class, CallFaultsIT.Registry.class})
@DirtiesContext
class CallFaultsIT {

    private static final String FIREWALL = "/nodes/[^/]+/lxc/\\d+/firewall";
    private static final String CONTENT = "/nodes/[^/]+/storage/[^/]+/content";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Guests that take their share of the faults: whoever is struck again and again waits longer each time. */
    private static final int OTHERS = 4;

    static final class Registry implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "registry",
                            Map.of(
                                    "containr.agent.guests.insecure-registries",
                                    SimulatedCluster.lab().registry().address())));
        }
    }

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private JdbcClient jdbc;

    private final Faults faults = SimulatedCluster.lab().simulator().faults();
    private VolumeGuests guests;
    private TestMessages messages;

    @BeforeEach
    void begin() throws Exception {
        guests = VolumeGuests.on(proxmox, SimulatedCluster.lab().publishImage());
        messages = guests.messages();
    }

    @AfterEach
    void nothingIsLeft() {
        faults.clear();
        guests.close();
        await("every address is given back")
                .atMost(PATIENCE)
                .until(
                        () -> jdbc.sql("select count(*) from address where instance_id is not null")
                                .query(Long.class)
                                .single(),
                        left -> left == 0);
    }

    private static CallFault call(String method, String path, Behaviour behaviour) {
        return CallFault.of(method, path, 1, behaviour);
    }

    /** As proxies between nodes answer, without a body. */
    private static Behaviour proxy(int code) {
        return new Behaviour.Status(code, "proxy", false);
    }

    private void strike(CallFault... all) {
        Stream.of(all).forEach(faults::add);
    }

    private void awaitAllStruck() {
        await("every fault has struck").atMost(PATIENCE).until(() -> faults.waiting() == 0);
    }

    @Test
    void whateverCallIsStruckEverythingArrivesOnce() throws Exception {
        Behaviour silence = new Behaviour.Silence(Duration.ofSeconds(3));
        strike(
                call("POST", ".*/upload", proxy(595)),
                call("POST", ".*/upload", proxy(597)).afterwards(),
                call("GET", FIREWALL + "/ipset", proxy(598)),
                call("POST", FIREWALL + "/ipset", proxy(599)).afterwards(),
                call("GET", FIREWALL + "/ipset/[^/]+", new Behaviour.Garbage()),
                call("POST", FIREWALL + "/ipset/[^/]+", proxy(595)).afterwards(),
                call("POST", FIREWALL + "/ipset/[^/]+", proxy(596)),
                call("GET", FIREWALL + "/rules", silence),
                call("POST", FIREWALL + "/rules", proxy(597)).afterwards(),
                call("DELETE", FIREWALL + "/rules/\\d+", proxy(598)).afterwards(),
                call("PUT", FIREWALL + "/options", new Behaviour.Drop()).afterwards(),
                call("PUT", FIREWALL + "/options", new Behaviour.Status(401, "authentication failure", false)));
        InstanceSpec one = guests.ensure();
        InstanceSpec two = guests.ensure();
        List<InstanceSpec> others =
                Stream.generate(guests::ensureForgetful).limit(OTHERS).toList();
        assertThat(guests.rows(one)).isEqualTo(VolumeGuests.ROWS);
        assertThat(guests.rows(two)).isEqualTo(VolumeGuests.ROWS);
        for (InstanceSpec other : others) {
            assertThat(guests.rows(other)).isEqualTo(VolumeGuests.ROWS);
        }
        awaitAllStruck();
        assertThat(messages.all(InstanceFailed.class)).isEmpty();
        assertThat(told("imgcopy")).contains("OUTCOME_UNKNOWN", "OK");
        assertThat(told("firewall")).contains("OUTCOME_UNKNOWN", "UNAUTHENTICATED", "OK");

        int measured = messages.all(InstanceMeasured.class).size();
        strike(
                call("GET", "/cluster/resources", proxy(595)),
                call("GET", "/cluster/resources", new Behaviour.Garbage()),
                call("POST", ".*/vzdump", proxy(596)),
                call("POST", ".*/vzdump", proxy(597)).afterwards(),
                call("GET", CONTENT, new Behaviour.Garbage()));
        BackupId backup = guests.backUp(one.service());
        BackupId second = guests.backUp(two.service());
        await().atMost(PATIENCE)
                .until(() -> messages.all(VolumeBackedUp.class).stream()
                        .map(VolumeBackedUp::backup)
                        .toList()
                        .containsAll(List.of(backup, second)));
        awaitAllStruck();
        assertThat(messages.all(VolumeBackupFailed.class)).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> messages.all(InstanceMeasured.class).size() > measured);

        strike(
                call("POST", "/nodes/[^/]+/lxc", proxy(598)),
                call("POST", "/nodes/[^/]+/lxc", proxy(599)).afterwards(),
                call("DELETE", CONTENT + "/[^/]+", proxy(595)),
                call("DELETE", CONTENT + "/[^/]+", proxy(596)).afterwards());
        ServiceId copy = new ServiceId(Ids.next());
        guests.restore(backup, copy);
        guests.delete(second, two.service());
        await().atMost(PATIENCE)
                .until(() -> messages.all(VolumeRestored.class).stream()
                        .anyMatch(event -> event.service().equals(copy)));
        assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> messages.all(BackupDeleted.class).stream()
                        .anyMatch(event -> event.backup().equals(second)));
        awaitAllStruck();
        assertThat(told("vzdump")).containsExactlyInAnyOrder("OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN", "OK", "OK");
        assertThat(guests.guests())
                .as("two, the others, and the holder of the restored volume")
                .hasSize(3 + OTHERS);
    }

    /** Outcomes that were told of one kind of task. */
    private List<String> told(String type) {
        return messages.all(NodeTaskEnded.class).stream()
                .filter(event -> event.type().equals(type))
                .map(NodeTaskEnded::outcome)
                .toList();
    }
}

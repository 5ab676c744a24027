package io.containr.agent.simulated;

import static io.containr.agent.simulated.VolumeGuests.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.instance.CrashPoints;
import io.containr.agent.instance.CrashPoints.Point;
import io.containr.agent.instance.VolumePlaces;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxBackups;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Wherever the agent is cut off while it takes a backup or makes a volume of one, it arrives: one archive for each backup, all rows in
 * each volume, and the volume that was backed up is as it was.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "logging.level.io.containr.runtime.work=ERROR",
            "containr.agent.watch.interval=300ms",
            "containr.agent.watch.cleanup-interval=300ms",
            "containr.agent.watch.orphan-grace=2s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@Import(BackupCrashIT.Crashes.class)
@DirtiesContext
class BackupCrashIT {

    /** Calls that change something, in the cluster or in the tables. */
    private static final List<String> BACKUP = List.of("intend", "backUp", "begun", "taken");

    private static final List<String> RESTORE =
            List.of("hold", "intend", "restore", "begun", "restored", "enter", "release");

    @TestConfiguration(proxyBeanMethods = false)
    static class Crashes {

        /** At every call to the cluster, to the tables of backups and restorations, and to those of volumes. */
        @Bean
        static CrashPoints crashPoints() {
            return new CrashPoints(bean -> bean instanceof Proxmox
                    || bean instanceof ProxmoxBackups
                    || bean instanceof VolumePlaces
                    || Set.of("io.containr.agent.backup.Backups", "io.containr.agent.backup.Restorations")
                            .contains(ClassUtils.getUserClass(bean).getName()));
        }
    }

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private CrashPoints crashes;

    private final Map<BackupId, Point> backups = new LinkedHashMap<>();
    private final Map<ServiceId, Point> volumes = new LinkedHashMap<>();
    private VolumeGuests guests;
    private TestMessages messages;

    @BeforeEach
    void begin() throws Exception {
        guests = VolumeGuests.on(proxmox, SimulatedCluster.lab().publishImage());
        messages = guests.messages();
    }

    @AfterEach
    void nothingIsLeft() {
        guests.close();
    }

    @Test
    void everyBackupIsTakenOnceAndEveryVolumeHasAllRows() throws Exception {
        // A node takes one backup at a time: one volume on each.
        List<InstanceSpec> sources = List.of(guests.ensure(), guests.ensure());
        for (InstanceSpec source : sources) {
            assertThat(guests.rows(source)).isEqualTo(ROWS);
        }
        points(BACKUP).forEach(point -> backups.put(backUp(sources.get(backups.size() % 2), point), point));
        List<BackupId> first = sources.stream().map(this::awaitAnyTaken).toList();

        // While the others are taken.
        points(RESTORE).forEach(point -> volumes.put(restore(first.get(volumes.size() % 2), point), point));
        List<InstanceSpec> restored = new ArrayList<>();
        for (ServiceId volume : volumes.keySet()) {
            awaitRestored(volume);
            restored.add(guests.ensure(volume));
        }
        backups.keySet().forEach(this::awaitTaken);
        assertThat(backups.keySet())
                .as("each was cut off")
                .allSatisfy(id -> assertThat(crashes.crashOf("backups/" + id))
                        .as(backups.get(id).toString())
                        .isNotNull());
        assertThat(messages.all(VolumeBackupFailed.class)).isEmpty();
        assertThat(messages.all(VolumeBackedUp.class).stream().map(VolumeBackedUp::archive))
                .as("one archive each")
                .hasSize(backups.size())
                .doesNotHaveDuplicates();
        for (InstanceSpec spec : restored) {
            assertThat(guests.rows(spec)).isEqualTo(ROWS);
        }
        for (InstanceSpec source : sources) {
            assertThat(guests.rows(source)).isEqualTo(ROWS);
        }
        // No holder is left.
        guests.awaitGuests(restored.size() + sources.size());
        assertThat(volumes.keySet())
                .as("each was cut off")
                .allSatisfy(id -> assertThat(crashes.crashOf("restores/" + id))
                        .as(volumes.get(id).toString())
                        .isNotNull());
        assertThat(told("vzdump"))
                .as("each dump's end is told once")
                .hasSize(backups.size())
                .doesNotHaveDuplicates();
        assertThat(told("vzrestore")).as("each restore's end is told once").doesNotHaveDuplicates();
    }

    /** Tasks whose good end was told. */
    private List<String> told(String type) {
        return messages.all(NodeTaskEnded.class).stream()
                .filter(event -> event.type().equals(type) && event.outcome().equals("OK"))
                .map(NodeTaskEnded::task)
                .toList();
    }

    /** Before each of these took effect, and after. */
    private static Stream<Point> points(List<String> methods) {
        return methods.stream().flatMap(method -> Stream.of(new Point(method, 1, true), new Point(method, 1, false)));
    }

    private BackupId backUp(InstanceSpec source, Point point) {
        BackupId backup = new BackupId(Ids.next());
        crashes.set("backups/" + backup, point);
        guests.backUp(backup, source.service());
        return backup;
    }

    private ServiceId restore(BackupId backup, Point point) {
        ServiceId service = new ServiceId(Ids.next());
        crashes.set("restores/" + service, point);
        guests.restore(backup, service);
        return service;
    }

    private void awaitTaken(BackupId backup) {
        await("backup " + backups.get(backup)).atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(messages.all(VolumeBackupFailed.class)).isEmpty();
            return messages.all(VolumeBackedUp.class).stream()
                    .anyMatch(event -> event.backup().equals(backup));
        });
    }

    /** The first of the source's, whichever that is. */
    private BackupId awaitAnyTaken(InstanceSpec source) {
        return await("a backup")
                .atMost(Duration.ofSeconds(120))
                .until(
                        () -> messages.all(VolumeBackedUp.class).stream()
                                .filter(event -> event.service().equals(source.service()))
                                .map(VolumeBackedUp::backup)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void awaitRestored(ServiceId volume) {
        await("volume " + volumes.get(volume)).atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
            return messages.all(VolumeRestored.class).stream()
                    .anyMatch(event -> event.service().equals(volume));
        });
    }
}

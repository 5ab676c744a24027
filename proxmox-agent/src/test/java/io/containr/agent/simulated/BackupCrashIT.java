package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.instance.CrashPoints;
import io.containr.agent.instance.CrashPoints.Point;
import io.containr.agent.instance.VolumePlaces;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxBackups;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
            "containr.agent.watch.cleanup-interval=1s",
            "containr.agent.watch.orphan-grace=2s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@Import(BackupCrashIT.Crashes.class)
@DirtiesContext
class BackupCrashIT {

    private static final int PORT = 8080;
    private static final int ROWS = 1000;

    /** Calls that change something, in the cluster or in the tables. */
    private static final List<String> BACKUP = List.of("intend", "backUp", "begun", "taken");

    private static final List<String> RESTORE =
            List.of("hold", "intend", "restore", "begun", "restored", "enter", "release");

    /** Fills the volume once, and serves what is there. */
    private static final String SERVE = """
            [ -e /data/rows ] || { /bin/busybox seq %d > /data/new; /bin/busybox mv /data/new /data/rows; }
            echo up > /data/index.html
            exec /bin/busybox httpd -f -p $PORT -h /data""".formatted(ROWS);

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

    private final TestMessages messages = new TestMessages();

    private final List<InstanceSpec> instances = new ArrayList<>();
    private final Map<BackupId, Point> backups = new LinkedHashMap<>();
    private final Map<ServiceId, Point> volumes = new LinkedHashMap<>();
    private Set<Integer> others = Set.of();

    @BeforeEach
    void others() {
        AgentTestEnvironment.awaitCommandsTaken(messages);
        others = vmids();
    }

    /** Other tests share the cluster: nothing of this one is left there, however it ended. */
    @AfterEach
    void cleanUp() {
        volumes.keySet().forEach(volume -> messages.publish(new RemoveVolume(volume), volume));
        instances.forEach(this::remove);
        ServiceId origin = instances.getFirst().service();
        backups.keySet().forEach(id -> messages.publish(new DeleteBackup(id, origin), origin));
        backups.keySet()
                .forEach(id -> messages.await(
                        BackupDeleted.class, event -> event.backup().equals(id)));
        await("nothing is left")
                .atMost(Duration.ofSeconds(60))
                .ignoreException(ProxmoxException.class)
                .until(() -> guests() == 0);
        messages.close();
    }

    @Test
    void everyBackupIsTakenOnceAndEveryVolumeHasAllRows() throws Exception {
        PreparedImage image = SimulatedCluster.lab().publishImage();
        InstanceSpec source = ensure(spec(new ServiceId(Ids.next()), image));
        String address = address(source);
        assertThat(rows(address)).isEqualTo(ROWS);

        points(BACKUP).forEach(point -> backups.put(backUp(source, point), point));
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
        assertThat(rows(address)).isEqualTo(ROWS);

        List<BackupId> taken = List.copyOf(backups.keySet());
        points(RESTORE).forEach(point -> volumes.put(restore(taken.get(volumes.size() % taken.size()), point), point));
        volumes.keySet().forEach(this::awaitRestored);
        assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
        List<InstanceSpec> restored = volumes.keySet().stream()
                .map(volume -> ensure(spec(volume, image)))
                .toList();
        for (InstanceSpec spec : restored) {
            assertThat(rows(address(spec))).isEqualTo(ROWS);
        }
        assertThat(rows(address)).isEqualTo(ROWS);
        await("no holder is left")
                .atMost(Duration.ofSeconds(60))
                .ignoreException(ProxmoxException.class)
                .until(() -> guests() == restored.size() + 1);
        assertThat(volumes.keySet())
                .as("each was cut off")
                .allSatisfy(id -> assertThat(crashes.crashOf("restores/" + id))
                        .as(volumes.get(id).toString())
                        .isNotNull());
    }

    /** Before each of these took effect, and after. */
    private static Stream<Point> points(List<String> methods) {
        return methods.stream().flatMap(method -> Stream.of(new Point(method, 1, true), new Point(method, 1, false)));
    }

    private BackupId backUp(InstanceSpec source, Point point) {
        BackupId backup = new BackupId(Ids.next());
        crashes.set("backups/" + backup, point);
        messages.publish(new BackUpVolume(backup, source.service()), source.service());
        return backup;
    }

    private ServiceId restore(BackupId backup, Point point) {
        ServiceId service = new ServiceId(Ids.next());
        crashes.set("restores/" + service, point);
        messages.publish(new RestoreVolume(backup, service), service);
        return service;
    }

    private void awaitTaken(BackupId backup) {
        await("backup " + backups.get(backup)).atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(messages.all(VolumeBackupFailed.class)).isEmpty();
            return messages.all(VolumeBackedUp.class).stream()
                    .anyMatch(event -> event.backup().equals(backup));
        });
    }

    private void awaitRestored(ServiceId volume) {
        await("volume " + volumes.get(volume)).atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
            return messages.all(VolumeRestored.class).stream()
                    .anyMatch(event -> event.service().equals(volume));
        });
    }

    private int guests() {
        Set<Integer> made = new HashSet<>(vmids());
        made.removeAll(others);
        return made.size();
    }

    private Set<Integer> vmids() {
        return proxmox.cluster().guests().stream().map(guest -> guest.vmid()).collect(Collectors.toSet());
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        instances.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private void remove(InstanceSpec spec) {
        messages.publish(new RemoveVolume(spec.service()), spec.service());
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(2)),
                spec.service());
    }

    private String address(InstanceSpec spec) {
        return await("healthy")
                .atMost(Duration.ofSeconds(120))
                .until(
                        () -> messages.all(InstanceBecameHealthy.class).stream()
                                .filter(event -> event.instance().id().equals(spec.instance()))
                                .map(InstanceBecameHealthy::address)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static InstanceSpec spec(ServiceId service, PreparedImage image) {
        InstanceSpec spec = new InstanceSpec(
                new InstanceId(Ids.next()),
                service,
                new ProjectId(Ids.next()),
                new DeploymentId(Ids.next()),
                1,
                "rows",
                null,
                image,
                List.of("/bin/busybox", "sh", "-c", SERVE),
                Map.of("PORT", Integer.toString(PORT)),
                Map.of(),
                new Resources(200, 32, 64),
                PORT,
                new HealthCheck("/", Duration.ofSeconds(30)),
                Duration.ofSeconds(1),
                null,
                null,
                false);
        return Specs.keeping(spec, new Volume(64, "/data"));
    }

    private static long rows(String address) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + ":" + PORT + "/rows"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .count();
        }
    }
}

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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    private static final int EVERY = 3;

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

    @Test
    void everyBackupIsTakenOnceAndEveryVolumeHasAllRows() throws Exception {
        AgentTestEnvironment.awaitCommandsTaken(messages);
        Set<Integer> others = vmids();
        PreparedImage image = SimulatedCluster.lab().publishImage();
        InstanceSpec source = ensure(spec(new ServiceId(Ids.next()), image));
        String address = address(source);
        assertThat(rows(address)).isEqualTo(ROWS);

        BackupId reference = backUp(source, null);
        awaitTaken(reference);
        int calls = crashes.callsOf("backups/" + reference);
        assertThat(calls).isGreaterThan(8);
        Map<BackupId, Point> backups = new LinkedHashMap<>();
        points(calls).forEach(point -> backups.put(backUp(source, point), point));
        backups.keySet().forEach(this::awaitTaken);
        assertThat(backups.keySet().stream().filter(id -> crashes.crashOf("backups/" + id) != null))
                .as("backups that were cut off")
                .hasSizeGreaterThan(backups.size() * 7 / 10);
        assertThat(messages.all(VolumeBackupFailed.class)).isEmpty();
        assertThat(messages.all(VolumeBackedUp.class).stream().map(VolumeBackedUp::archive))
                .as("one archive each")
                .hasSize(backups.size() + 1)
                .doesNotHaveDuplicates();
        assertThat(rows(address)).isEqualTo(ROWS);

        ServiceId first = restore(reference, null);
        await("first restore")
                .atMost(Duration.ofSeconds(60))
                .until(() -> messages.all(VolumeRestored.class).stream()
                        .anyMatch(event -> event.service().equals(first)));
        int restoreCalls = crashes.callsOf("restores/" + first);
        assertThat(restoreCalls).isGreaterThan(10);
        List<BackupId> taken = List.copyOf(backups.keySet());
        Map<ServiceId, Point> volumes = new LinkedHashMap<>();
        points(restoreCalls)
                .forEach(point -> volumes.put(restore(taken.get(volumes.size() % taken.size()), point), point));
        await("restores")
                .atMost(Duration.ofSeconds(120))
                .until(() -> messages.all(VolumeRestored.class).stream()
                        .map(VolumeRestored::service)
                        .toList()
                        .containsAll(volumes.keySet()));
        assertThat(volumes.keySet().stream().filter(id -> crashes.crashOf("restores/" + id) != null))
                .as("restores that were cut off")
                .hasSizeGreaterThan(volumes.size() * 7 / 10);
        assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
        List<InstanceSpec> restored = volumes.keySet().stream()
                .map(volume -> ensure(spec(volume, image)))
                .toList();
        for (InstanceSpec spec : restored) {
            assertThat(rows(address(spec))).isEqualTo(ROWS);
        }
        assertThat(rows(address)).isEqualTo(ROWS);
        await("no holder is left")
                .atMost(Duration.ofSeconds(40))
                .ignoreException(ProxmoxException.class)
                .until(() -> guests(others) == restored.size() + 2);

        List<InstanceSpec> all = new ArrayList<>(restored);
        all.add(source);
        all.forEach(this::remove);
        messages.publish(new RemoveVolume(first), first);
        backups.keySet().forEach(id -> messages.publish(new DeleteBackup(id, source.service()), source.service()));
        backups.keySet()
                .forEach(id -> messages.await(
                        BackupDeleted.class, event -> event.backup().equals(id)));
        await("nothing is left")
                .atMost(Duration.ofSeconds(40))
                .ignoreException(ProxmoxException.class)
                .until(() -> guests(others) == 0);
        messages.close();
    }

    /** Every so many calls, before and after it took effect. */
    private static Stream<Point> points(int calls) {
        return IntStream.rangeClosed(1, calls)
                .filter(call -> call % EVERY == 1)
                .boxed()
                .flatMap(call -> Stream.of(new Point(call, true), new Point(call, false)));
    }

    private BackupId backUp(InstanceSpec source, @Nullable Point point) {
        BackupId backup = new BackupId(Ids.next());
        crashes.set("backups/" + backup, point);
        messages.publish(new BackUpVolume(backup, source.service()), source.service());
        return backup;
    }

    private ServiceId restore(BackupId backup, @Nullable Point point) {
        ServiceId service = new ServiceId(Ids.next());
        crashes.set("restores/" + service, point);
        messages.publish(new RestoreVolume(backup, service), service);
        return service;
    }

    private void awaitTaken(BackupId backup) {
        await(backup.toString())
                .atMost(Duration.ofSeconds(120))
                .until(() -> messages.all(VolumeBackedUp.class).stream()
                        .anyMatch(event -> event.backup().equals(backup)));
    }

    /** Guests made since then; other tests share the cluster. */
    private int guests(Set<Integer> others) {
        Set<Integer> made = new HashSet<>(vmids());
        made.removeAll(others);
        return made.size();
    }

    private Set<Integer> vmids() {
        return proxmox.cluster().guests().stream().map(guest -> guest.vmid()).collect(Collectors.toSet());
    }

    private InstanceSpec ensure(InstanceSpec spec) {
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

package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
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
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import io.containr.testing.TestMessages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Backups of volumes that real guests write, and volumes made of them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.watch.interval=300ms",
            "containr.agent.timeouts.locked=1s",
            "containr.agent.watch.cleanup-interval=1s",
            "containr.agent.watch.orphan-grace=2s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@Import(VolumeBackupIT.Locking.class)
@DirtiesContext
class VolumeBackupIT {

    private static final int PORT = 8080;

    @TestConfiguration(proxyBeanMethods = false)
    static class Locking {
        @Bean
        static Locks locks() {
            return new Locks();
        }
    }

    /** Shows chosen guests locked, as a killed task leaves them: what locks them the simulator cannot open again either. */
    private static final class Locks implements BeanPostProcessor {

        private final Set<Integer> locked = ConcurrentHashMap.newKeySet();

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (!(bean instanceof Proxmox)) {
                return bean;
            }
            ProxyFactory factory = new ProxyFactory(bean);
            factory.addAdvice((MethodInterceptor) invocation -> {
                Object result = invocation.proceed();
                return invocation.getMethod().getName().equals("status")
                                && locked.contains((Integer) invocation.getArguments()[1])
                                && result instanceof Optional<?> found
                                && found.orElse(null) instanceof GuestStatus status
                        ? Optional.of(new GuestStatus(status.running(), "backup"))
                        : result;
            });
            return factory.getProxy();
        }
    }

    /** Each start writes a line to the volume and serves what is there. */
    private static final String COUNT = """
            echo start >> /data/starts
            echo up > /data/index.html
            exec /bin/busybox httpd -f -p $PORT -h /data""";

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private Locks locks;

    private static boolean taken;

    private final Faults faults = SimulatedCluster.lab().simulator().faults();
    private TestMessages messages;
    private Set<Integer> others = Set.of();
    private InstanceSpec first;

    @BeforeEach
    void aServiceWithAVolume() throws Exception {
        messages = new TestMessages();
        if (!taken) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            taken = true;
        }
        others = vmids();
        first = ensure(spec(new ServiceId(Ids.next()), SimulatedCluster.lab().publishImage()));
        messages.await(
                InstanceBecameHealthy.class, event -> event.instance().id().equals(first.instance()));
    }

    @AfterEach
    void nothingIsLeft() {
        faults.clear();
        remove(first);
        await().atMost(Duration.ofSeconds(40))
                .ignoreException(ProxmoxException.class) // one that goes between the two calls
                .until(() -> guests() == 0);
        messages.close();
    }

    @Test
    void whatWasBackedUpComesBackAsAnotherServicesVolume() throws Exception {
        BackupId backup = backUp();
        VolumeBackedUp taken =
                messages.await(VolumeBackedUp.class, event -> event.backup().equals(backup));
        assertThat(taken.sizeBytes()).isPositive();
        assertThat(taken.archive()).startsWith("local:backup/vzdump-lxc-");
        ServiceId other = new ServiceId(Ids.next());

        messages.publish(new RestoreVolume(backup, other), other);
        messages.publish(new RestoreVolume(backup, other), other);
        messages.await(VolumeRestored.class, event -> event.service().equals(other));
        assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
        InstanceSpec restored = ensure(spec(other, first.image()));
        InstanceBecameHealthy up = messages.await(
                InstanceBecameHealthy.class, event -> event.instance().id().equals(restored.instance()));

        assertThat(get(up.address())).isEqualTo("start\nstart\n");
        assertThat(get(address(first))).isEqualTo("start\n");
        await("the guest it was restored to is gone")
                .atMost(Duration.ofSeconds(30))
                .until(() -> guests() == 2);
        messages.publish(new DeleteBackup(backup, first.service()), first.service());
        messages.await(BackupDeleted.class, event -> event.backup().equals(backup));
        assertThat(messages.all(NodeTaskEnded.class))
                .filteredOn(event -> event.subject().equals(backup.toString()))
                .allSatisfy(event -> {
                    assertThat(event.node()).isEqualTo(taken.node());
                    assertThat(event.vmid()).isNotNull();
                    assertThat(event.outcome()).isEqualTo("OK");
                })
                .extracting(NodeTaskEnded::type)
                .containsExactly("vzdump", "vzrestore", "imgdel");
        ServiceId third = new ServiceId(Ids.next());
        messages.publish(new RestoreVolume(backup, third), third);
        assertThat(messages.await(
                                VolumeRestoreFailed.class,
                                event -> event.service().equals(third))
                        .failure()
                        .code())
                .isEqualTo("BACKUP_GONE");
        remove(restored);
        assertThat(messages.all(VolumeRestored.class)).hasSize(1);
    }

    @Test
    void aBackupThatFailsIsAFailedOneAndWhatIsRestoredForNobodyGoesWithItsVolume() {
        faults.add(TaskFault.of("vzdump", ".*", 1, TaskFault.Behaviour.FAIL, "write error: No space left on device"));
        BackupId failing = backUp();
        assertThat(messages.await(
                                VolumeBackupFailed.class,
                                event -> event.backup().equals(failing))
                        .failure()
                        .code())
                .isEqualTo("BACKUP_STORAGE_FULL");
        assertThat(messages.await(NodeTaskEnded.class, event -> event.subject().equals(failing.toString()))
                        .outcome())
                .isEqualTo("STORAGE_FULL");

        BackupId backup = backUp();
        messages.await(VolumeBackedUp.class, event -> event.backup().equals(backup));
        ServiceId unused = new ServiceId(Ids.next());
        messages.publish(new RestoreVolume(backup, unused), unused);
        messages.await(VolumeRestored.class, event -> event.service().equals(unused));
        messages.publish(new RemoveVolume(unused), unused);

        await().atMost(Duration.ofSeconds(30)).until(() -> guests() == 1);
        ServiceId nothing = new ServiceId(Ids.next());
        BackupId none = new BackupId(Ids.next());
        messages.publish(new BackUpVolume(none, nothing), nothing);
        assertThat(messages.await(
                                VolumeBackupFailed.class,
                                event -> event.backup().equals(none))
                        .failure()
                        .code())
                .isEqualTo("NO_VOLUME");
    }

    @Test
    void aDamagedArchiveBecomesNoVolumeAndLeavesNothing() throws Exception {
        BackupId backup = backUp();
        VolumeBackedUp taken =
                messages.await(VolumeBackedUp.class, event -> event.backup().equals(backup));
        Path archive = SimulatedCluster.lab()
                .home()
                .resolve("simulator/storage")
                .resolve(taken.node())
                .resolve("local/backup")
                .resolve(taken.archive().substring("local:backup/".length()));
        try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            file.truncate(taken.sizeBytes() / 2);
        }
        ServiceId other = new ServiceId(Ids.next());

        messages.publish(new RestoreVolume(backup, other), other);

        VolumeRestoreFailed failed = messages.await(
                VolumeRestoreFailed.class, event -> event.service().equals(other));
        assertThat(failed.failure().code()).isEqualTo("RESTORE_FAILED");
        assertThat(get(address(first))).isEqualTo("start\n");
        await().atMost(Duration.ofSeconds(30)).until(() -> guests() == 1);
    }

    @Test
    void aBackupThatIsDeletedWhileItIsTakenGoesAndOneOfADeletedVolumeSaysHowItEnded() {
        BackupId backup = backUp();
        messages.publish(new DeleteBackup(backup, first.service()), first.service());
        messages.await(BackupDeleted.class, event -> event.backup().equals(backup));
        ServiceId other = new ServiceId(Ids.next());
        messages.publish(new RestoreVolume(backup, other), other);
        assertThat(messages.await(
                                VolumeRestoreFailed.class,
                                event -> event.service().equals(other))
                        .failure()
                        .code())
                .isEqualTo("BACKUP_GONE");

        BackupId late = backUp();
        remove(first);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> messages.all(VolumeBackedUp.class).stream()
                                .anyMatch(event -> event.backup().equals(late))
                        || messages.all(VolumeBackupFailed.class).stream()
                                .anyMatch(event -> event.backup().equals(late)));
    }

    @Test
    void aStorageThatIsGoneAndAGuestThatStaysLockedAreSaidAsTheyAre() {
        faults.add(CallFault.of(
                "POST",
                "/nodes/[^/]+/vzdump",
                1,
                new CallFault.Behaviour.Status(500, "storage 'local' does not exist", true)));
        BackupId nowhere = backUp();
        VolumeBackupFailed gone =
                messages.await(VolumeBackupFailed.class, event -> event.backup().equals(nowhere));
        assertThat(gone.failure().code()).isEqualTo("BACKUP_FAILED");
        assertThat(gone.failure().message()).contains("storage 'local' does not exist");

        Set<Integer> made = new HashSet<>(vmids());
        made.removeAll(others);
        locks.locked.addAll(made);
        try {
            BackupId locked = backUp();
            VolumeBackupFailed failed = messages.await(
                    VolumeBackupFailed.class, event -> event.backup().equals(locked));
            assertThat(failed.failure().code()).isEqualTo("GUEST_LOCKED");
            assertThat(failed.failure().message()).contains("locked (backup)", "pct unlock");
        } finally {
            locks.locked.clear();
        }
        BackupId after = backUp();
        messages.await(VolumeBackedUp.class, event -> event.backup().equals(after));
    }

    /** Guests made since the test began; other tests share the cluster. */
    private int guests() {
        Set<Integer> made = new HashSet<>(vmids());
        made.removeAll(others);
        return made.size();
    }

    private Set<Integer> vmids() {
        return proxmox.cluster().guests().stream().map(guest -> guest.vmid()).collect(Collectors.toSet());
    }

    private BackupId backUp() {
        BackupId backup = new BackupId(Ids.next());
        messages.publish(new BackUpVolume(backup, first.service()), first.service());
        messages.publish(new BackUpVolume(backup, first.service()), first.service());
        return backup;
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
        messages.await(InstanceRemoved.class, event -> event.instance().id().equals(spec.instance()));
    }

    private String address(InstanceSpec spec) {
        return messages.await(
                        InstanceBecameHealthy.class,
                        event -> event.instance().id().equals(spec.instance()))
                .address();
    }

    private static InstanceSpec spec(ServiceId service, PreparedImage image) {
        InstanceSpec spec = new InstanceSpec(
                new InstanceId(Ids.next()),
                service,
                new ProjectId(Ids.next()),
                new DeploymentId(Ids.next()),
                1,
                "saved",
                null,
                image,
                List.of("/bin/busybox", "sh", "-c", COUNT),
                Map.of("PORT", Integer.toString(PORT)),
                Map.of(),
                new Resources(500, 64, 64),
                PORT,
                new HealthCheck("/", Duration.ofSeconds(20)),
                Duration.ofSeconds(2),
                null,
                null,
                false);
        return Specs.keeping(spec, new Volume(64, "/data"));
    }

    private static String get(String address) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://" + address + ":" + PORT + "/starts"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}

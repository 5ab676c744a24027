package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxBackups;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.agent.NodeTaskEnded;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.Ids;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import io.containr.testing.TestMessages;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Backups of volumes that real guests write, and volumes made of them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.watch.interval=300ms",
            "containr.agent.timeouts.locked=1s",
            "containr.agent.watch.cleanup-interval=300ms",
            "containr.agent.watch.orphan-grace=2s"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@Import(VolumeBackupIT.Locking.class)
@DirtiesContext
class VolumeBackupIT {

    private static final int NOBODYS = 987_654;

    private static PreparedImage image;

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

    @Autowired
    private Proxmox proxmox;

    @Autowired
    private ProxmoxBackups backups;

    @Autowired
    private Locks locks;

    @Autowired
    private JdbcClient jdbc;

    private final Faults faults = SimulatedCluster.lab().simulator().faults();
    private VolumeGuests guests;
    private TestMessages messages;
    private InstanceSpec first;

    @BeforeAll
    static void publish() throws Exception {
        image = SimulatedCluster.lab().publishImage();
    }

    @BeforeEach
    void aServiceWithAVolume() {
        guests = VolumeGuests.on(proxmox, image);
        messages = guests.messages();
        first = guests.ensure();
        guests.address(first);
    }

    @AfterEach
    void nothingIsLeft() {
        faults.clear();
        guests.close();
    }

    @Test
    void whatWasBackedUpComesBackAsAnotherServicesVolume() throws Exception {
        BackupId backup = backUp();
        VolumeBackedUp taken =
                messages.await(VolumeBackedUp.class, event -> event.backup().equals(backup));
        assertThat(taken.sizeBytes()).isPositive();
        assertThat(taken.archive()).startsWith("local:backup/vzdump-lxc-");
        ServiceId other = new ServiceId(Ids.next());

        guests.restore(backup, other);
        guests.restore(backup, other);
        messages.await(VolumeRestored.class, event -> event.service().equals(other));
        assertThat(messages.all(VolumeRestoreFailed.class)).isEmpty();
        InstanceSpec restored = guests.ensure(other);

        assertThat(guests.starts(restored)).isEqualTo(2);
        assertThat(guests.starts(first)).isOne();
        // The guest it was restored to is gone.
        guests.awaitGuests(2);
        guests.delete(backup, first.service());
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
        guests.restore(backup, third);
        assertThat(messages.await(
                                VolumeRestoreFailed.class,
                                event -> event.service().equals(third))
                        .failure()
                        .code())
                .isEqualTo("BACKUP_GONE");
        guests.remove(restored);
        guests.awaitRemoved(restored);
        assertThat(messages.all(VolumeRestored.class)).hasSize(1);
    }

    /** Archives have the second of their dump's beginning in their names, and the later one of a name would replace the earlier one. */
    @Test
    void backupsAskedForAtOnceBeginInDifferentSeconds() {
        List<BackupId> asked = Stream.generate(this::backUp).limit(5).toList();
        List<VolumeBackedUp> taken = asked.stream()
                .map(backup -> messages.await(
                        VolumeBackedUp.class, event -> event.backup().equals(backup)))
                .toList();

        assertThat(taken).extracting(VolumeBackedUp::archive).doesNotHaveDuplicates();
        assertThat(jdbc.sql("""
                        select task_since - lag(ended_at) over (order by task_since) >= interval '1 second' from backup
                        where service_id = :service order by task_since offset 1""")
                        .param("service", first.service().value())
                        .query(Boolean.class)
                        .list())
                .as("whether each began a second after the end of the one before")
                .containsExactly(true, true, true, true);
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
        guests.restore(backup, unused);
        messages.await(VolumeRestored.class, event -> event.service().equals(unused));
        guests.removeVolume(unused);

        guests.awaitGuests(1);
        ServiceId nothing = new ServiceId(Ids.next());
        BackupId none = guests.backUp(nothing);
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

        guests.restore(backup, other);

        VolumeRestoreFailed failed = messages.await(
                VolumeRestoreFailed.class, event -> event.service().equals(other));
        assertThat(failed.failure().code()).isEqualTo("RESTORE_FAILED");
        assertThat(guests.starts(first)).isOne();
        guests.awaitGuests(1);
    }

    @Test
    void aBackupThatIsDeletedWhileItIsTakenGoesAndOneOfADeletedVolumeSaysHowItEnded() {
        BackupId backup = backUp();
        guests.delete(backup, first.service());
        messages.await(BackupDeleted.class, event -> event.backup().equals(backup));
        ServiceId other = new ServiceId(Ids.next());
        guests.restore(backup, other);
        assertThat(messages.await(
                                VolumeRestoreFailed.class,
                                event -> event.service().equals(other))
                        .failure()
                        .code())
                .isEqualTo("BACKUP_GONE");

        BackupId late = backUp();
        guests.remove(first);
        guests.awaitRemoved(first);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> messages.all(VolumeBackedUp.class).stream()
                                .anyMatch(event -> event.backup().equals(late))
                        || messages.all(VolumeBackupFailed.class).stream()
                                .anyMatch(event -> event.backup().equals(late)));
    }

    @Test
    void aBackupWhoseGuestIsGoneIsDeletedByMeansOfAStandInThatGoesToo() {
        BackupId backup = backUp();
        VolumeBackedUp taken =
                messages.await(VolumeBackedUp.class, event -> event.backup().equals(backup));
        guests.remove(first);
        guests.awaitRemoved(first);
        guests.awaitGuests(0);

        guests.delete(backup, first.service());

        messages.await(BackupDeleted.class, event -> event.backup().equals(backup));
        assertThat(messages.all(NodeTaskEnded.class))
                .filteredOn(event -> event.subject().equals(backup.toString()))
                .filteredOn(event -> event.type().equals("imgdel"))
                .extracting(NodeTaskEnded::outcome)
                .first()
                .isEqualTo("DENIED");
        assertThat(backups.archives(taken.node(), "local", vmid(taken))).isEmpty();
        guests.awaitGuests(0);
        for (String type : List.of("vzcreate", "vzdestroy")) {
            NodeTaskEnded told = messages.await(
                    NodeTaskEnded.class,
                    event -> Objects.equals(event.vmid(), vmid(taken))
                            && event.service() == null
                            && event.type().equals(type));
            assertThat(told.outcome()).isEqualTo("OK");
        }
    }

    private static int vmid(VolumeBackedUp taken) {
        return Integer.parseInt(taken.archive().replaceFirst("local:backup/vzdump-lxc-(\\d+)-.*", "$1"));
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

        locks.locked.addAll(guests.guests());
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

    /** Between the node's move of a volume and our hearing of it the guest of before is still taken for the one that has it. */
    @Test
    void aGuestThatHasHandedItsVolumeOnIsNotBackedUpAndOneThatIsGoneIsSaidToBe() {
        int right = vmidOfVolume();
        Set<Integer> before = guests.guests();
        InstanceSpec empty = guests.ensureForgetful();
        guests.address(empty);
        int wrong = guests.guests().stream()
                .filter(vmid -> !before.contains(vmid))
                .findFirst()
                .orElseThrow();
        try {
            takeForTheVolumes(wrong);
            BackupId waiting = backUp();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> jdbc.sql("select locked_since is not null from backup where id = :id")
                            .param("id", waiting.value())
                            .query(Boolean.class)
                            .optional()
                            .orElse(false));
            takeForTheVolumes(right);
            assertThat(vmid(messages.await(
                            VolumeBackedUp.class, event -> event.backup().equals(waiting))))
                    .isEqualTo(right);

            takeForTheVolumes(NOBODYS);
            BackupId late = backUp();
            VolumeBackupFailed failed = messages.await(
                    VolumeBackupFailed.class, event -> event.backup().equals(late));
            assertThat(failed.failure().code()).isEqualTo("NO_VOLUME");
            assertThat(failed.failure().message()).contains("gone");
        } finally {
            takeForTheVolumes(right);
            guests.remove(empty);
        }
    }

    private int vmidOfVolume() {
        return jdbc.sql("select vmid from volume where service_id = :service")
                .param("service", first.service().value())
                .query(Integer.class)
                .single();
    }

    private void takeForTheVolumes(int vmid) {
        jdbc.sql("update volume set vmid = :vmid where service_id = :service")
                .param("vmid", vmid)
                .param("service", first.service().value())
                .update();
    }

    /** Asked for twice, as messages come. */
    private BackupId backUp() {
        BackupId backup = guests.backUp(first.service());
        guests.backUp(backup, first.service());
        return backup;
    }
}

package io.containr.agent.backup;

import io.containr.agent.AgentProperties;
import io.containr.agent.instance.StandIns;
import io.containr.agent.instance.VolumePlaces;
import io.containr.agent.instance.VolumePlaces.Place;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.BackupArchive;
import io.containr.agent.proxmox.GuestLooks;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxBackups;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.RefusalPauses;
import io.containr.agent.proxmox.TaskLooks;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.Failure;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.ids.BackupId;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks at one backup and does the next thing for it. The archive bears the backup's id in its notes, so that one whose dump was cut off
 * from us is found by looking, whatever became of the task.
 */
@Component
class BackupLoop {

    private static final Logger log = LoggerFactory.getLogger(BackupLoop.class);
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A refusal that does not pass by itself, which an operator may mend. */
    private static final Duration REFUSED = Duration.ofMinutes(1);

    private static final int ATTEMPTS = 3;

    private final Backups backups;
    private final VolumePlaces volumes;
    private final StandIns standIns;
    private final Proxmox proxmox;
    private final ProxmoxBackups proxmoxBackups;
    private final Outbox outbox;
    private final NodeEvents events;
    private final TransactionOperations transaction;
    private final AgentProperties properties;
    private final Clock clock;
    private final RefusalPauses<BackupId> refusals = new RefusalPauses<>();

    BackupLoop(
            Backups backups,
            VolumePlaces volumes,
            StandIns standIns,
            Proxmox proxmox,
            ProxmoxBackups proxmoxBackups,
            Outbox outbox,
            NodeEvents events,
            TransactionOperations transaction,
            AgentProperties properties,
            Clock clock) {
        this.backups = backups;
        this.volumes = volumes;
        this.standIns = standIns;
        this.proxmox = proxmox;
        this.proxmoxBackups = proxmoxBackups;
        this.outbox = outbox;
        this.events = events;
        this.transaction = transaction;
        this.properties = properties;
        this.clock = clock;
    }

    Next look(Work work) {
        Optional<Backup> backup = backups.find(BackupId.of(work.key()));
        if (backup.isEmpty()) {
            return Next.done();
        }
        try {
            Next next = look(backup.get());
            if (next instanceof Next.Done) {
                refusals.end(backup.get().id());
            }
            return next;
        } catch (ProxmoxException e) {
            log.warn("Backup {}: {}", work.key(), e.getMessage());
            return Next.after(
                    e.failure().isPassing() ? refusals.next(backup.get().id()) : REFUSED);
        }
    }

    private Next look(Backup backup) {
        return switch (backup.state()) {
            case ASKED -> backup.deletion() ? fail(backup, "BACKUP_DELETED", "It was deleted") : begin(backup);
            case DUMPING -> backup.task() == null ? find(backup) : follow(backup, backup.task());
            case TAKEN -> backup.deletion() ? delete(backup) : Next.done();
            case FAILED -> backup.deletion() ? tellDeleted(backup) : Next.done();
        };
    }

    private Next begin(Backup backup) {
        Optional<Place> place = volumes.of(backup.service());
        if (place.isEmpty()) {
            return fail(backup, "NO_VOLUME", "There is no volume to back up");
        }
        if (backup.attempts() >= ATTEMPTS) {
            return fail(backup, "BACKUP_FAILED", "It failed " + ATTEMPTS + " times");
        }
        Place guest = place.get();
        Optional<GuestStatus> status = GuestLooks.status(proxmox, guest.node(), guest.vmid());
        if (status.isEmpty()) {
            return fail(backup, "NO_VOLUME", "The guest with the volume is gone");
        }
        String lock = status.get().lock();
        if (lock != null) {
            return awaitUnlocked(backup, guest, lock);
        }
        if (proxmox.config(guest.node(), guest.vmid()).volume() == null) {
            return awaitHandedOver(backup);
        }
        if (backup.lockedSince() != null) {
            backups.locked(backup.id(), false);
        }
        if (!isTurnOf(backup, guest)) {
            return Next.after(PAUSE);
        }
        Upid task;
        try {
            task = events.begin(
                    deed(backup, guest, "vzdump"),
                    () -> proxmoxBackups.backUp(
                            guest.node(), guest.vmid(), properties.guests().backupStorage(), notes(backup.id())));
        } catch (ProxmoxException e) {
            return notBegun(backup, e);
        }
        refusals.end(backup.id());
        backups.begun(backup.id(), task);
        return Next.after(SOON);
    }

    /** Notes the intention if no other one of the node is being taken or just was; of two that look at once one waits. */
    private boolean isTurnOf(Backup backup, Place guest) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            backups.lock(guest.node());
            if (backups.isBusy(guest.node(), backup.id()) || backups.mayTakeTheNameOfAnother(guest)) {
                return false;
            }
            backups.intend(backup.id(), guest);
            return true;
        }));
    }

    /** The lock of a dump that was killed is for good: no call opens it. */
    private Next awaitUnlocked(Backup backup, Place guest, String lock) {
        return hold(
                backup,
                "GUEST_LOCKED",
                "The guest stays locked (%s); where no task works on it, 'pct unlock %d' on %s frees it"
                        .formatted(lock, guest.vmid(), guest.node()));
    }

    /** Between the move of a volume to the next guest and our hearing of it, the archive would be one of nothing. */
    private Next awaitHandedOver(Backup backup) {
        return hold(backup, "NO_VOLUME", "The guest that had the volume has it no more");
    }

    /** Another look soon, until that has been so for too long. */
    private Next hold(Backup backup, String code, String reason) {
        Instant since = backup.lockedSince();
        if (since != null && since.plus(properties.timeouts().locked()).isBefore(clock.instant())) {
            return fail(backup, code, reason);
        }
        backups.locked(backup.id(), true);
        return Next.after(PAUSE);
    }

    private Next notBegun(Backup backup, ProxmoxException e) {
        if (e.is(ProxmoxFailure.OUTCOME_UNKNOWN)) {
            return Next.after(SOON);
        }
        if (e.failure().isPassing()) {
            backups.again(backup.id(), String.valueOf(e.getMessage()), true);
            return Next.after(refusals.next(backup.id()));
        }
        return fail(backup, "BACKUP_FAILED", String.valueOf(e.getMessage()));
    }

    /** There is an intention; was there a deed? The dump of an earlier backup of the guest is not it. */
    private Next find(Backup backup) {
        Place place = Objects.requireNonNull(backup.place(), "it was chosen");
        Instant since = Objects.requireNonNull(backup.taskSince(), "it was noted");
        Optional<Upid> begun = proxmox.findTask(
                place.node(), "vzdump", Integer.toString(place.vmid()), since, backups.tasksExcept(backup.id()));
        if (begun.isPresent()) {
            backups.begun(backup.id(), begun.get());
            return Next.after(Duration.ZERO);
        }
        if (TaskLooks.mayShowUp(since, clock.instant())) {
            return Next.after(SOON);
        }
        return archive(backup, place).map(found -> taken(backup, place, found)).orElseGet(() -> {
            backups.again(backup.id(), "it was not begun", true);
            return Next.after(Duration.ZERO);
        });
    }

    private Next follow(Backup backup, Upid task) {
        Place place = Objects.requireNonNull(backup.place(), "it was chosen");
        TaskStatus status = proxmox.task(task).orElse(new TaskStatus.Failed("the node forgot the task"));
        return switch (status) {
            case TaskStatus.Running running -> Next.after(TaskLooks.next(since(backup), clock.instant()));
            case TaskStatus.Succeeded succeeded -> {
                Optional<BackupArchive> archive = archive(backup, place);
                yield events.ended(
                        deed(backup, place, task.type()),
                        task,
                        null,
                        since(backup),
                        () -> archive.map(found -> taken(backup, place, found))
                                .orElseGet(() -> fail(
                                        backup, "BACKUP_FAILED", "The dump ended well, but its archive is not there")));
            }
            case TaskStatus.Failed failed -> {
                removeRest(backup, place, failed.reason());
                yield events.ended(
                        deed(backup, place, task.type()),
                        task,
                        failed.reason(),
                        since(backup),
                        () -> failed(backup, failed.reason()));
            }
        };
    }

    private static Deed deed(Backup backup, Place place, String type) {
        return new Deed(
                place.node(), place.vmid(), backup.service(), type, backup.id().toString());
    }

    private static Instant since(Backup backup) {
        return Objects.requireNonNull(backup.taskSince(), "it was noted");
    }

    /** Of a dump that nobody knows the end of. */
    private void removeRest(Backup backup, Place place, String reason) {
        if (ProxmoxFailure.ofTask(reason) == ProxmoxFailure.OUTCOME_UNKNOWN) {
            archive(backup, place)
                    .ifPresent(rest -> events.run(
                            deed(backup, place, "imgdel"),
                            () -> proxmoxBackups.deleteArchive(place.node(), rest.volumeId()),
                            () -> {}));
        }
    }

    private Next failed(Backup backup, String reason) {
        ProxmoxFailure failure = ProxmoxFailure.ofTask(reason);
        if (failure == ProxmoxFailure.LOCKED && backup.attempts() < ATTEMPTS) {
            backups.again(backup.id(), reason, false);
            return Next.after(PAUSE);
        }
        return fail(backup, failure == ProxmoxFailure.STORAGE_FULL ? "BACKUP_STORAGE_FULL" : "BACKUP_FAILED", reason);
    }

    private Optional<BackupArchive> archive(Backup backup, Place place) {
        return proxmoxBackups.archives(place.node(), properties.guests().backupStorage(), place.vmid()).stream()
                .filter(archive -> archive.notes().equals(notes(backup.id())))
                .findFirst();
    }

    private static String notes(BackupId id) {
        return "containr backup " + id;
    }

    private Next taken(Backup backup, Place place, BackupArchive archive) {
        transaction.executeWithoutResult(status -> {
            backups.taken(backup.id(), archive);
            outbox.append(
                    new VolumeBackedUp(
                            backup.id(),
                            backup.service(),
                            place.node(),
                            archive.volumeId(),
                            archive.sizeBytes(),
                            archive.takenAt()),
                    backup.service());
        });
        return backup.deletion() ? Next.after(Duration.ZERO) : Next.done();
    }

    private Next fail(Backup backup, String code, String reason) {
        transaction.executeWithoutResult(status -> {
            backups.failed(backup.id(), reason);
            outbox.append(
                    new VolumeBackupFailed(backup.id(), backup.service(), new Failure(code, reason)), backup.service());
        });
        return backup.deletion() ? Next.after(Duration.ZERO) : Next.done();
    }

    private Next delete(Backup backup) {
        Place place = Objects.requireNonNull(backup.place(), "it was taken somewhere");
        String archive = Objects.requireNonNull(backup.archive(), "it was taken");
        try {
            events.run(deed(backup, place, "imgdel"), () -> proxmoxBackups.deleteArchive(place.node(), archive), () -> {
                backups.failed(backup.id(), "deleted");
                tellDeleted(backup);
            });
            return Next.done();
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.DENIED) && standIns.make(place)) {
                return Next.after(PAUSE);
            }
            throw e;
        }
    }

    private Next tellDeleted(Backup backup) {
        transaction.executeWithoutResult(
                status -> outbox.append(new BackupDeleted(backup.id(), backup.service()), backup.service()));
        return Next.done();
    }
}

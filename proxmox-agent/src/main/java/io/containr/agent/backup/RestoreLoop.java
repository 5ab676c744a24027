package io.containr.agent.backup;

import io.containr.agent.AgentProperties;
import io.containr.agent.backup.Restoration.State;
import io.containr.agent.instance.VolumePlaces;
import io.containr.agent.instance.VolumePlaces.Place;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
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
import io.containr.contracts.agent.VolumeEvent.VolumeRestoreFailed;
import io.containr.contracts.agent.VolumeEvent.VolumeRestored;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks at one volume that is to be made of a backup and does the next thing for it. The archive becomes a guest of its own that never
 * starts; whether it did is seen by that guest, whatever became of the task.
 */
@Component
class RestoreLoop {

    private static final Logger log = LoggerFactory.getLogger(RestoreLoop.class);
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    private final Restorations restorations;
    private final Backups backups;
    private final VolumePlaces volumes;
    private final Proxmox proxmox;
    private final ProxmoxBackups proxmoxBackups;
    private final Outbox outbox;
    private final NodeEvents events;
    private final TransactionOperations transaction;
    private final AgentProperties properties;
    private final Clock clock;
    private final RefusalPauses<ServiceId> refusals = new RefusalPauses<>();

    RestoreLoop(
            Restorations restorations,
            Backups backups,
            VolumePlaces volumes,
            Proxmox proxmox,
            ProxmoxBackups proxmoxBackups,
            Outbox outbox,
            NodeEvents events,
            TransactionOperations transaction,
            AgentProperties properties,
            Clock clock) {
        this.restorations = restorations;
        this.backups = backups;
        this.volumes = volumes;
        this.proxmox = proxmox;
        this.proxmoxBackups = proxmoxBackups;
        this.outbox = outbox;
        this.events = events;
        this.transaction = transaction;
        this.properties = properties;
        this.clock = clock;
    }

    Next look(Work work) {
        Optional<Restoration> restoration = restorations.find(ServiceId.of(work.key()));
        if (restoration.isEmpty()) {
            return Next.done();
        }
        try {
            Next next = look(restoration.get());
            if (next instanceof Next.Done) {
                refusals.end(restoration.get().service());
            }
            return next;
        } catch (ProxmoxException e) {
            log.warn("Restoring for {}: {}", work.key(), e.getMessage());
            return Next.after(refusals.next(restoration.get().service()));
        }
    }

    private Next look(Restoration restoration) {
        return switch (restoration.state()) {
            case ASKED -> begin(restoration);
            case RESTORING -> restoration.task() == null ? find(restoration) : follow(restoration, restoration.task());
            case HELD -> letGo(restoration);
            case DONE, FAILED -> Next.done();
        };
    }

    private Next begin(Restoration restoration) {
        Optional<Backup> backup = backups.find(restoration.backup())
                .filter(found -> found.state() == Backup.State.TAKEN && !found.deletion());
        if (backup.isEmpty()) {
            return fail(restoration, "BACKUP_GONE", "There is no such backup");
        }
        if (restoration.attempts() >= ATTEMPTS) {
            return fail(restoration, "RESTORE_FAILED", "It failed " + ATTEMPTS + " times");
        }
        String node = Objects.requireNonNull(backup.get().place(), "it was taken somewhere")
                .node();
        Place guest = volumes.hold(restoration.holder(), restoration.service(), node);
        Optional<GuestStatus> there = status(guest);
        if (there.isPresent() && isStub(restoration, there.get())) {
            volumes.renumber(restoration.holder());
            return Next.after(PAUSE);
        }
        if (there.isPresent()) {
            return settle(restoration, guest, there.get());
        }
        restorations.intend(restoration.service());
        String archive = Objects.requireNonNull(backup.get().archive(), "it was taken");
        Upid task;
        try {
            task = events.begin(
                    deed(restoration, guest, "vzrestore"),
                    () -> proxmoxBackups.restore(
                            node,
                            guest.vmid(),
                            archive,
                            properties.guests().rootStorage(),
                            properties.guests().pool(),
                            volumes.description(restoration.holder())));
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.OUTCOME_UNKNOWN)) {
                return Next.after(SOON);
            }
            return retry(
                    restoration, String.valueOf(e.getMessage()), e.failure().isPassing());
        }
        refusals.end(restoration.service());
        restorations.begun(restoration.service(), task);
        return Next.after(SOON);
    }

    /** What a restore leaves whose worker was killed: a number that no call frees, without a disk. */
    private static boolean isStub(Restoration restoration, GuestStatus status) {
        return restoration.attempts() > 0 && "create".equals(status.lock());
    }

    private Optional<GuestStatus> status(Place guest) {
        return GuestLooks.status(proxmox, guest.node(), guest.vmid());
    }

    private Next find(Restoration restoration) {
        Place guest = guest(restoration);
        Instant since = Objects.requireNonNull(restoration.taskSince(), "it was noted");
        Optional<Upid> begun = proxmox.findTask(guest.node(), "vzrestore", Integer.toString(guest.vmid()), since);
        if (begun.isPresent()) {
            restorations.begun(restoration.service(), begun.get());
            return Next.after(Duration.ZERO);
        }
        if (TaskLooks.mayShowUp(since, clock.instant())) {
            return Next.after(SOON);
        }
        restorations.enter(restoration.service(), State.ASKED, "it was not begun");
        return Next.after(Duration.ZERO);
    }

    private Next follow(Restoration restoration, Upid task) {
        TaskStatus status = proxmox.task(task).orElse(new TaskStatus.Failed("the node forgot the task"));
        return switch (status) {
            case TaskStatus.Running running -> Next.after(TaskLooks.next(since(restoration), clock.instant()));
            case TaskStatus.Succeeded succeeded -> {
                Place guest = guest(restoration);
                yield status(guest)
                        .map(there -> settle(restoration, guest, there))
                        .orElseGet(() -> conclude(
                                restoration, guest, () -> retry(restoration, "the guest is not there", false)));
            }
            case TaskStatus.Failed failed ->
                events.ended(
                        deed(restoration, guest(restoration), task.type()),
                        task,
                        failed.reason(),
                        since(restoration),
                        () -> retry(restoration, failed.reason(), false));
        };
    }

    private static Deed deed(Restoration restoration, Place guest, String type) {
        return new Deed(
                guest.node(),
                guest.vmid(),
                restoration.service(),
                type,
                restoration.backup().toString());
    }

    private static Instant since(Restoration restoration) {
        return Objects.requireNonNull(restoration.taskSince(), "it was noted");
    }

    /** Of a guest that is there: it has the volume, or is what a restore left that was cut off. */
    private Next settle(Restoration restoration, Place guest, GuestStatus status) {
        if (status.lock() != null) {
            return restoration.attempts() >= ATTEMPTS
                    ? conclude(
                            restoration,
                            guest,
                            () -> fail(restoration, "RESTORE_FAILED", "The guest stays locked: " + status.lock()))
                    : Next.after(PAUSE);
        }
        if (proxmox.config(guest.node(), guest.vmid()).volume() == null) {
            return conclude(restoration, guest, () -> fail(restoration, "RESTORE_FAILED", "The archive has no volume"));
        }
        return conclude(restoration, guest, () -> {
            volumes.restored(restoration.service(), guest);
            restorations.enter(restoration.service(), State.HELD, null);
            outbox.append(new VolumeRestored(restoration.backup(), restoration.service()), restoration.service());
            return Next.after(PAUSE);
        });
    }

    /** Notes what came of it; where there was a task that ended well, together with the telling of it. */
    private Next conclude(Restoration restoration, Place guest, Supplier<Next> note) {
        Upid task = restoration.task();
        return task == null
                ? Objects.requireNonNull(transaction.execute(tx -> note.get()))
                : events.ended(deed(restoration, guest, task.type()), task, null, since(restoration), note);
    }

    private Next letGo(Restoration restoration) {
        Place guest = guest(restoration);
        boolean taken = volumes.of(restoration.service()).filter(guest::equals).isEmpty();
        if (!taken && !volumes.isDeleted(restoration.service())) {
            return Next.after(PAUSE);
        }
        transaction.executeWithoutResult(tx -> {
            volumes.release(restoration.holder());
            restorations.enter(restoration.service(), State.DONE, null);
        });
        return Next.done();
    }

    private Place guest(Restoration restoration) {
        String node = Objects.requireNonNull(
                        backups.find(restoration.backup()).orElseThrow().place(), "it was taken somewhere")
                .node();
        return volumes.hold(restoration.holder(), restoration.service(), node);
    }

    private Next retry(Restoration restoration, String reason, boolean passing) {
        if (passing || restoration.attempts() + 1 < ATTEMPTS) {
            restorations.enter(restoration.service(), State.ASKED, reason);
            return Next.after(refusals.next(restoration.service()));
        }
        return fail(restoration, "RESTORE_FAILED", reason);
    }

    private Next fail(Restoration restoration, String code, String reason) {
        transaction.executeWithoutResult(tx -> {
            volumes.release(restoration.holder());
            restorations.enter(restoration.service(), State.FAILED, reason);
            outbox.append(
                    new VolumeRestoreFailed(restoration.backup(), restoration.service(), new Failure(code, reason)),
                    restoration.service());
        });
        return Next.done();
    }
}

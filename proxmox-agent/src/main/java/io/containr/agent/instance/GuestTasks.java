package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.instance.PendingTask.Kind;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskLooks;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.agent.template.ImagePulls;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.work.WorkQueue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs tasks so that none is begun twice: the intention is stored before the call, the task's id before the wait. Whoever
 * finds an intention without an id asks the node whether there is such a task.
 */
@Component
class GuestTasks {

    private static final Logger log = LoggerFactory.getLogger(GuestTasks.class);
    private static final Duration FIRST_POLL = Duration.ofMillis(25);
    private static final Duration SLOWEST_POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** Whoever waits for a slot is woken; this is for slots that nobody frees, or that another copy of the agent held. */
    private static final Duration NO_SLOT = Duration.ofSeconds(10);

    private final Proxmox proxmox;
    private final Instances instances;
    private final ImagePulls images;
    private final Volumes volumes;
    private final InstanceEvents events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Duration oneWait;
    private final NodeSlots slots;

    GuestTasks(
            Proxmox proxmox,
            Instances instances,
            ImagePulls images,
            Volumes volumes,
            InstanceEvents events,
            TransactionTemplate transaction,
            Clock clock,
            MeterRegistry metrics,
            WorkQueue instanceQueue,
            AgentProperties properties) {
        this.proxmox = proxmox;
        this.instances = instances;
        this.images = images;
        this.volumes = volumes;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
        this.metrics = metrics;
        Duration patience = properties.timeouts().task();
        // One that hangs is to be ended when its time is up, not when this look at it is over.
        this.oneWait = patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
        this.slots = new NodeSlots(
                properties.guests().tasksPerNode(), patience.plus(LONGEST_WAIT), clock, instanceQueue::wake);
    }

    Outcome begin(Instance instance, Kind kind, Supplier<Upid> call) {
        if (takesSlot(kind) && !slots.take(instance.location().nodeName(), instance.id())) {
            instances.waited(instance.id());
            return new Outcome.Later(
                    NO_SLOT.plusMillis(ThreadLocalRandom.current().nextLong(NO_SLOT.toMillis())));
        }
        return beginNow(instance, kind, call);
    }

    private static boolean takesSlot(Kind kind) {
        return kind == Kind.CREATE || kind == Kind.START;
    }

    /** Whatever it came to, the node does not work on it any more. */
    private void ended(Instance instance, @Nullable String error, boolean passing) {
        instances.ended(instance.id(), error, passing);
        slots.free(instance.id());
    }

    /** Nothing more will be begun for it. */
    void gone(Instance instance) {
        slots.free(instance.id());
    }

    private Outcome beginNow(Instance instance, Kind kind, Supplier<Upid> call) {
        InstanceId id = instance.id();
        instances.intend(id, kind);
        Instant called = clock.instant();
        Upid upid;
        try {
            upid = call.get();
        } catch (ProxmoxException e) {
            tell(instance, kind, null, e.failure().name(), e.getMessage(), called);
            return notBegun(instance, kind, e);
        }
        instances.begun(id, upid);
        return follow(instance, kind, upid, clock.instant());
    }

    private Outcome notBegun(Instance instance, Kind kind, ProxmoxException e) {
        log.info("{} of instance {} was not begun: {}", kind, instance.id(), e.getMessage());
        return switch (e.failure()) {
            case OUTCOME_UNKNOWN -> new Outcome.Later(Duration.ofMillis(500));
            case ALREADY_RUNNING, NOT_RUNNING, RUNNING, EXISTS, MISSING -> {
                ended(instance, null, true);
                yield new Outcome.Again();
            }
            case LOCKED, CHANGED, UNAVAILABLE, UNAUTHENTICATED -> {
                ended(instance, e.getMessage(), true);
                yield new Outcome.Later(Duration.ofSeconds(1));
            }
            case DENIED, INVALID, STORAGE_FULL, IMAGE_UNAVAILABLE, OTHER -> {
                ended(instance, e.getMessage(), false);
                yield new Outcome.Again();
            }
        };
    }

    Outcome follow(Instance instance, PendingTask task) {
        return follow(instance, task.kind(), Objects.requireNonNull(task.upid(), "not begun"), task.since());
    }

    private Outcome follow(Instance instance, Kind kind, Upid upid, Instant since) {
        if (takesSlot(kind)) {
            slots.follow(instance.location().nodeName(), instance.id());
        }
        Patience patience = new Patience(FIRST_POLL, SLOWEST_POLL, oneWait);
        do {
            TaskStatus status = proxmox.task(upid).orElse(new TaskStatus.Failed("the node forgot the task"));
            switch (status) {
                case TaskStatus.Running running -> {}
                case TaskStatus.Succeeded succeeded -> {
                    took(kind, "OK", since);
                    tellAndEnd(instance, kind, upid, "OK", null, since, false);
                    return succeeded(instance, kind);
                }
                case TaskStatus.Failed failed -> {
                    ProxmoxFailure failure = ProxmoxFailure.ofTask(failed.reason());
                    took(kind, failure.name(), since);
                    tellAndEnd(instance, kind, upid, failure.name(), failed.reason(), since, failure.isPassing());
                    return failed(instance, kind, failure, failed.reason());
                }
            }
        } while (patience.pause());
        return new Outcome.Later(SLOWEST_POLL);
    }

    private void took(Kind kind, String outcome, Instant since) {
        metrics.timer("containr.agent.tasks", "type", kind.type(), "outcome", outcome)
                .record(Duration.between(since, clock.instant()));
    }

    private void tell(
            Instance instance,
            Kind kind,
            @Nullable Upid task,
            String outcome,
            @Nullable String message,
            Instant since) {
        transaction.executeWithoutResult(status -> events.taskEnded(instance, kind, task, outcome, message, since));
    }

    /** Both or none: whoever is cut off between them would tell it again. */
    private void tellAndEnd(
            Instance instance,
            Kind kind,
            Upid task,
            String outcome,
            @Nullable String error,
            Instant since,
            boolean passing) {
        transaction.executeWithoutResult(status -> {
            events.taskEnded(instance, kind, task, outcome, error, since);
            instances.ended(instance.id(), error, passing);
        });
        slots.free(instance.id());
    }

    private Outcome succeeded(Instance instance, Kind kind) {
        if (kind == Kind.SHUTDOWN || kind == Kind.STOP || kind == Kind.MOVE_VOLUME || kind == Kind.GROW_VOLUME) {
            instances.forgetAttempts(instance.id());
        }
        return new Outcome.Again();
    }

    private Outcome failed(Instance instance, Kind kind, ProxmoxFailure failure, String reason) {
        log.info("{} of instance {} failed ({}): {}", kind, instance.id(), failure, reason);
        if (kind == Kind.CREATE && failure == ProxmoxFailure.MISSING) {
            images.forget(instance.location().nodeName(), instance.wanted().image());
            instances.pullAgain(instance.id());
        }
        return new Outcome.Again();
    }

    /** There is an intention; was there a deed? */
    Outcome find(Instance instance, PendingTask task) {
        Instance.Location location = instance.location();
        Optional<Upid> begun =
                proxmox.findTask(location.nodeName(), task.kind().type(), subject(instance, task.kind()), task.since());
        if (begun.isPresent()) {
            instances.begun(instance.id(), begun.get());
            return new Outcome.Again();
        }
        if (TaskLooks.mayShowUp(task.since(), clock.instant())) {
            return new Outcome.Later(Duration.ofMillis(250));
        }
        ended(instance, null, true);
        return new Outcome.Again();
    }

    /** As the node names what a task is about. */
    private String subject(Instance instance, Kind kind) {
        int vmid = instance.location().guest();
        return switch (kind) {
            case CREATE, START, SHUTDOWN, STOP, DESTROY, GROW_VOLUME -> Integer.toString(vmid);
            case MOVE_VOLUME ->
                volumes.find(instance.identity().service())
                                .map(Volumes.Stored::vmid)
                                .orElse(vmid) + "-mp0>" + vmid + "-mp0";
        };
    }

    Outcome abort(Instance instance, PendingTask task) {
        Upid upid = Objects.requireNonNull(task.upid(), "not begun");
        proxmox.abort(upid);
        String reason = task.kind() + " took too long and was ended";
        tellAndEnd(instance, task.kind(), upid, "ABORTED", reason, task.since(), false);
        return new Outcome.Again();
    }
}

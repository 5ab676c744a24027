package io.containr.agent.instance;

import io.containr.agent.proxmox.Upid;
import io.containr.agent.session.RecentLines;
import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.GuestTaskEnded;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceMoveRequested;
import io.containr.contracts.agent.AgentEvent.InstanceMoveWithdrawn;
import io.containr.contracts.agent.AgentEvent.InstanceNotResized;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells others; each call belongs into the transaction of the change it tells of. */
@Component
class InstanceEvents {

    private final Outbox outbox;
    private final Instances instances;
    private final RecentLines recent;
    private final Clock clock;

    InstanceEvents(Outbox outbox, Instances instances, RecentLines recent, Clock clock) {
        this.outbox = outbox;
        this.instances = instances;
        this.recent = recent;
        this.clock = clock;
    }

    void started(Instance instance) {
        Instance.Location location = instance.location();
        append(
                new InstanceStarted(instance.identity(), location.nodeName(), location.guest(), location.ip()),
                instance);
    }

    /** @param gap how long nobody used its volume before, empty: nobody did or it has none */
    void healthy(Instance instance, Optional<Duration> gap) {
        Map<String, Duration> phases = new LinkedHashMap<>(instance.milestones().phases(clock.instant()));
        gap.ifPresent(time -> phases.put("gap", time));
        InstanceSpec spec = instance.wanted();
        append(
                new InstanceBecameHealthy(
                        instance.identity(), instance.location().ip(), spec.port(), phases),
                instance);
    }

    void unhealthy(Instance instance, String reason) {
        append(new InstanceBecameUnhealthy(instance.identity(), reason), instance);
    }

    void failed(Instance instance, Failure failure) {
        append(new InstanceFailed(instance.identity(), failure, recent.of(instance.id())), instance);
    }

    /**
     * @param task null where it was not begun
     * @param message null where it went well
     */
    void taskEnded(
            Instance instance,
            PendingTask.Kind kind,
            @Nullable Upid task,
            String outcome,
            @Nullable String message,
            Instant since) {
        taskEnded(instance, kind.type(), task == null ? null : task.value(), outcome, message, since);
    }

    /**
     * A guest was given other limits or, where somebody else had changed it, what was asked for; or was to be.
     *
     * @param message what was different
     */
    void configured(Instance instance, String outcome, String message, Instant since) {
        taskEnded(instance, "config", null, outcome, message, since);
    }

    private void taskEnded(
            Instance instance,
            String type,
            @Nullable String task,
            String outcome,
            @Nullable String message,
            Instant since) {
        Instance.Location location = instance.location();
        append(
                new GuestTaskEnded(
                        instance.identity(),
                        location.nodeName(),
                        location.guest(),
                        type,
                        task,
                        outcome,
                        message,
                        Duration.between(since, clock.instant())),
                instance);
    }

    void resized(AgentEvent.Instance instance) {
        outbox.append(new InstanceResized(instance), instance.service());
    }

    void notResized(Instance instance, Failure failure, boolean triesAgain) {
        append(new InstanceNotResized(instance.identity(), failure, triesAgain), instance);
    }

    void moveRequested(Instance instance) {
        append(
                new InstanceMoveRequested(
                        instance.identity(), instance.location().nodeName()),
                instance);
    }

    void moveWithdrawn(Instance instance) {
        append(
                new InstanceMoveWithdrawn(
                        instance.identity(), instance.location().nodeName()),
                instance);
    }

    void removed(Instance instance) {
        append(new InstanceRemoved(instance.identity()), instance);
    }

    /** Says once more what the instance has come to, where it has come to anything and is not about to go. */
    void tellAgain(Instance instance) {
        if (instance.desired() instanceof Desired.Removed && instance.phase() != Phase.REMOVED) {
            return;
        }
        switch (instance.phase()) {
            case HEALTHY -> healthy(instance, Optional.empty());
            case UNHEALTHY -> unhealthy(instance, "not healthy when last looked at");
            case FAILED -> instances.failure(instance.id()).ifPresent(failure -> failed(instance, failure));
            case REMOVED -> removed(instance);
            case ACCEPTED, PLACED, PULLED, CREATED, CONFIGURED, STARTED, ENDED -> {}
        }
    }

    private void append(Object event, Instance instance) {
        outbox.append(event, instance.identity().service());
    }
}

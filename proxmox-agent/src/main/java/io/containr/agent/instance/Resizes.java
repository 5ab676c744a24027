package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.placement.Placement;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Mount;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.contracts.Failure;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Gives a guest that runs other limits and a larger volume: first what only takes room of its node, then its disk. It goes on as it was
 * where it cannot have them; what may pass is tried again.
 */
@Component
class Resizes {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

    private final Proxmox proxmox;
    private final Placement placement;
    private final GuestTasks tasks;
    private final Instances instances;
    private final Transitions transitions;
    private final InstanceEvents events;
    private final AgentProperties properties;
    private final TransactionOperations transaction;
    private final Clock clock;

    Resizes(
            Proxmox proxmox,
            Placement placement,
            GuestTasks tasks,
            Instances instances,
            Transitions transitions,
            InstanceEvents events,
            AgentProperties properties,
            TransactionOperations transaction,
            Clock clock) {
        this.proxmox = proxmox;
        this.placement = placement;
        this.tasks = tasks;
        this.instances = instances;
        this.transitions = transitions;
        this.events = events;
        this.properties = properties;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** One step of it. */
    Outcome resize(Instance instance) {
        Instance.Location location = instance.location();
        GuestConfig read = proxmox.config(location.nodeName(), location.guest());
        if (!read.description().equals(instance.description())) {
            transitions.fail(instance, new Failure("GUEST_LOST", "The guest was replaced by another one"));
            return new Outcome.Again();
        }
        List<String> differences = differences(read, instance.wanted().resources());
        if (!differences.isEmpty()) {
            return limit(instance, read, differences);
        }
        Volume wanted = instance.wanted().volume();
        Mount volume = read.volume();
        if (wanted != null && volume != null && volume.sizeMiB() < wanted.sizeMiB()) {
            return grow(instance, wanted);
        }
        transitions.resized(instance);
        return new Outcome.Again();
    }

    private Outcome limit(Instance instance, GuestConfig read, List<String> differences) {
        Resources wanted = instance.wanted().resources();
        Optional<String> obstacle =
                placement.promiseGrowth(instance.id(), instance.location().nodeName());
        if (obstacle.isPresent()) {
            return delay(instance, new Failure("NO_CAPACITY", "It cannot grow: " + obstacle.get()));
        }
        Instant since = clock.instant();
        String message = String.join(", ", differences);
        try {
            SortedSet<String> tags = InstanceTag.all(properties.guests().tag(), instance.id());
            tags.addAll(read.tags());
            proxmox.restore(instance.location().nodeName(), instance.location().guest(), read, wanted, tags);
        } catch (ProxmoxException e) {
            if (e.failure().isPassing() || e.is(ProxmoxFailure.MISSING)) {
                throw e;
            }
            if (e.is(ProxmoxFailure.DENIED)) {
                return delay(instance, new Failure("RESIZE_REFUSED", "It cannot grow: " + e.getMessage()));
            }
            tell(instance, e.failure().name(), message + ": " + e.getMessage(), since);
            return refused(instance, e);
        }
        instances.forgetAttempts(instance.id());
        tell(instance, "OK", "Resized: " + message, since);
        return new Outcome.Again();
    }

    private void tell(Instance instance, String outcome, String message, Instant since) {
        transaction.executeWithoutResult(status -> events.configured(instance, outcome, message, since));
    }

    private Outcome refused(Instance instance, ProxmoxException refusal) {
        String reason = String.valueOf(refusal.getMessage());
        if (instance.progress().attempts() + 1 < Limits.of(properties).attempts()) {
            instances.stumbled(instance, reason);
            return new Outcome.Later(PAUSE);
        }
        transitions.notResized(
                instance, new Failure("RESIZE_REFUSED", "Its limits cannot change while it runs: " + reason), false);
        return new Outcome.Rest();
    }

    private Outcome grow(Instance instance, Volume wanted) {
        String reason = instance.progress().lastError();
        if (instance.progress().attempts() > 0 && reason != null) {
            transitions.notResized(
                    instance, new Failure("VOLUME_UNAVAILABLE", "Its volume cannot grow: " + reason), true);
        }
        Instance.Location location = instance.location();
        return tasks.begin(
                instance,
                PendingTask.Kind.GROW_VOLUME,
                () -> proxmox.growVolume(location.nodeName(), location.guest(), wanted.sizeMiB()));
    }

    private Outcome delay(Instance instance, Failure failure) {
        transitions.notResized(instance, failure, true);
        return new Outcome.Later(LONG_PAUSE);
    }

    /** What a guest's limits are in place of those it is to have, in words; none where they are the same. */
    static List<String> differences(GuestConfig read, Resources wanted) {
        List<String> differences = new ArrayList<>();
        if (read.memoryMiB() != wanted.memoryMiB()) {
            differences.add(read.memoryMiB() + " MiB of memory instead of " + wanted.memoryMiB());
        }
        if (read.cpuMillis() != wanted.cpuMillis()) {
            differences.add(read.cpuMillis() + " thousandths of a CPU instead of " + wanted.cpuMillis());
        }
        return differences;
    }
}

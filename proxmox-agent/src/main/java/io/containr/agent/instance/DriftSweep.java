package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.upkeep.Chore;
import io.containr.contracts.project.Resources;
import io.containr.runtime.messaging.Origins;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Finds guests that somebody else gave other limits or tags, gives them back what was asked for, and tells it. The cluster's view, one
 * question for all guests, only raises the suspicion, since it is some seconds old; the guest's own configuration decides.
 */
@Component
class DriftSweep implements Chore {

    private static final Logger log = LoggerFactory.getLogger(DriftSweep.class);

    private final Instances instances;
    private final Proxmox proxmox;
    private final InstanceEvents events;
    private final AgentProperties properties;
    private final TransactionOperations transaction;
    private final Clock clock;

    DriftSweep(
            Instances instances,
            Proxmox proxmox,
            InstanceEvents events,
            AgentProperties properties,
            TransactionOperations transaction,
            Clock clock) {
        this.instances = instances;
        this.proxmox = proxmox;
        this.events = events;
        this.properties = properties;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public Duration interval() {
        return properties.watch().cleanupInterval();
    }

    @Override
    public void run() {
        Map<Integer, ClusterView.Guest> guests = proxmox.cluster().guests().stream()
                .collect(Collectors.toMap(ClusterView.Guest::vmid, Function.identity(), (one, other) -> one));
        for (Instance instance : instances.inPhases(EnumSet.of(Phase.HEALTHY, Phase.UNHEALTHY))) {
            ClusterView.Guest guest = guests.get(instance.location().guest());
            if (guest != null && isToBeAsAskedFor(instance) && isSuspicious(guest, instance)) {
                Origins.run(instance.origin(), () -> examine(instance));
            }
        }
    }

    /** Not while it is being given something else. */
    private static boolean isToBeAsAskedFor(Instance instance) {
        return instance.desired() instanceof Desired.Running
                && instance.progress().resize() == null;
    }

    private boolean isSuspicious(ClusterView.Guest guest, Instance instance) {
        Resources wanted = instance.wanted().resources();
        boolean memory = guest.memoryMiB() != 0 && guest.memoryMiB() != wanted.memoryMiB();
        // Proxmox VE shows the limit where there is one, else the number of cores.
        boolean processors = guest.cpuMillis() != 0
                && guest.cpuMillis() != wanted.cpuMillis()
                && guest.cpuMillis() != 1000 * Math.ceilDiv(wanted.cpuMillis(), 1000);
        return memory || processors || !guest.tags().containsAll(tags(instance));
    }

    private SortedSet<String> tags(Instance instance) {
        return InstanceTag.all(properties.guests().tag(), instance.id());
    }

    private void examine(Instance instance) {
        String node = instance.location().nodeName();
        int vmid = instance.location().guest();
        Instant since = clock.instant();
        List<String> found = List.of();
        try {
            GuestConfig read = proxmox.config(node, vmid);
            found = differences(read, instance);
            if (found.isEmpty() || !read.description().equals(instance.description())) {
                return;
            }
            SortedSet<String> tags = tags(instance);
            tags.addAll(read.tags());
            proxmox.restore(node, vmid, read, instance.wanted().resources(), tags);
            tell(instance, "OK", "Somebody changed it: " + String.join(", ", found), since);
        } catch (ProxmoxException e) {
            if (found.isEmpty()) {
                log.warn("The guest {} on {} does not tell its configuration: {}", vmid, node, e.getMessage());
            } else {
                tell(instance, e.failure().name(), String.join(", ", found) + ": " + e.getMessage(), since);
            }
        }
    }

    private List<String> differences(GuestConfig read, Instance instance) {
        List<String> differences = Resizes.differences(read, instance.wanted().resources());
        if (!read.tags().containsAll(tags(instance))) {
            differences.add("tags missing");
        }
        return differences;
    }

    private void tell(Instance instance, String outcome, String message, Instant since) {
        log.warn(
                "Guest {} on {} of instance {}: {} ({})",
                instance.location().guest(),
                instance.location().nodeName(),
                instance.id(),
                message,
                outcome);
        transaction.executeWithoutResult(status -> events.configured(instance, outcome, message, since));
    }
}

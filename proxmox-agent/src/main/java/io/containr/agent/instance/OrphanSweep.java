package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxCheck;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.upkeep.Chore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Removes guests of ours that no instance owns. Ours is what lies in our pool and range of numbers and bears our tag or
 * description; nothing else is ever touched, and ours only after it has been without an owner for a while.
 */
@Component
class OrphanSweep implements Chore {

    private static final Logger log = LoggerFactory.getLogger(OrphanSweep.class);

    private final Instances instances;
    private final Proxmox proxmox;
    private final ProxmoxCheck check;
    private final UnownedTasks tasks;
    private final AgentProperties properties;
    private final Clock clock;
    private final Map<Integer, Instant> unownedSince = new ConcurrentHashMap<>();

    OrphanSweep(
            Instances instances,
            Proxmox proxmox,
            ProxmoxCheck check,
            UnownedTasks tasks,
            AgentProperties properties,
            Clock clock) {
        this.instances = instances;
        this.proxmox = proxmox;
        this.check = check;
        this.tasks = tasks;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public Duration interval() {
        return properties.watch().cleanupInterval();
    }

    @Override
    public void run() {
        check.ensureSupported();
        tasks.follow();
        List<ClusterView.Guest> candidates = candidates();
        Set<Integer> seen = candidates.stream().map(ClusterView.Guest::vmid).collect(Collectors.toUnmodifiableSet());
        unownedSince.keySet().retainAll(seen);
        Instant now = clock.instant();
        for (ClusterView.Guest guest : candidates) {
            Instant since = unownedSince.computeIfAbsent(guest.vmid(), ignored -> now);
            if (!since.plus(properties.watch().orphanGrace()).isAfter(now)) {
                try {
                    remove(guest);
                } catch (ProxmoxException e) {
                    log.warn("The guest {} without an owner cannot be removed: {}", guest.vmid(), e.getMessage());
                }
            }
        }
    }

    private List<ClusterView.Guest> candidates() {
        AgentProperties.Guests ours = properties.guests();
        List<ClusterView.Guest> guests = proxmox.cluster().guests();
        Set<Integer> owned = instances.vmids();
        return guests.stream()
                .filter(guest -> ours.pool().equals(guest.pool()))
                .filter(guest -> guest.vmid() >= ours.firstVmid() && guest.vmid() <= ours.lastVmid())
                .filter(guest -> !owned.contains(guest.vmid()))
                .toList();
    }

    private void remove(ClusterView.Guest guest) {
        Optional<GuestStatus> status = proxmox.status(guest.node(), guest.vmid());
        if (status.isEmpty() || status.get().lock() != null) {
            return;
        }
        GuestConfig config = proxmox.config(guest.node(), guest.vmid());
        if (!isOurs(config)) {
            return;
        }
        if (config.volume() != null) {
            log.warn(
                    "The guest {} on {} has no owner but a volume; only an operator may remove it",
                    guest.vmid(),
                    guest.node());
            return;
        }
        log.warn("Removing the guest {} on {}: no instance owns it", guest.vmid(), guest.node());
        if (status.get().running()) {
            tasks.begin(deed(guest, PendingTask.Kind.STOP), () -> proxmox.stop(guest.node(), guest.vmid()));
        } else {
            tasks.begin(deed(guest, PendingTask.Kind.DESTROY), () -> proxmox.destroy(guest.node(), guest.vmid()));
        }
    }

    private static Deed deed(ClusterView.Guest guest, PendingTask.Kind kind) {
        return new Deed(guest.node(), guest.vmid(), null, kind.type(), "a guest that no instance owns");
    }

    private boolean isOurs(GuestConfig config) {
        return config.tags().contains(properties.guests().tag())
                || config.description().startsWith(Instance.DESCRIPTION);
    }
}

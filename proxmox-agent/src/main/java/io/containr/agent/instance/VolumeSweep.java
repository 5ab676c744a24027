package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.proxmox.GuestLooks;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxCheck;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.upkeep.Chore;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes the volumes of deleted services that no instance's end takes along, with the guests that were kept for them. */
@Component
class VolumeSweep implements Chore {

    private static final Logger log = LoggerFactory.getLogger(VolumeSweep.class);

    private final Volumes volumes;
    private final Proxmox proxmox;
    private final ProxmoxCheck check;
    private final AgentProperties.Watch settings;
    private final Clock clock;

    VolumeSweep(Volumes volumes, Proxmox proxmox, ProxmoxCheck check, AgentProperties properties, Clock clock) {
        this.volumes = volumes;
        this.proxmox = proxmox;
        this.check = check;
        this.settings = properties.watch();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "volumes";
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    @Override
    public void run() {
        volumes.forgetDeletedBefore(clock.instant().minus(settings.removedKept()));
        for (Volumes.Stored volume : volumes.left()) {
            try {
                check.ensureSupported();
                remove(volume);
            } catch (ProxmoxException e) {
                log.warn(
                        "The volume of the deleted service {} cannot be removed yet: {}",
                        volume.service(),
                        e.getMessage());
            }
        }
    }

    private void remove(Volumes.Stored volume) {
        String node = Objects.requireNonNull(volume.node(), "a guest has a node");
        int vmid = Objects.requireNonNull(volume.vmid(), "it was seen there");
        Optional<GuestStatus> status = GuestLooks.status(proxmox, node, vmid);
        if (status.isEmpty() || !proxmox.config(node, vmid).description().startsWith(Instance.DESCRIPTION)) {
            volumes.gone(volume.service());
        } else if (status.get().lock() == null) {
            log.info("Removing the volume of the deleted service {} with the guest {}", volume.service(), vmid);
            if (status.get().running()) {
                proxmox.stop(node, vmid);
            } else {
                proxmox.destroy(node, vmid);
            }
        }
    }
}

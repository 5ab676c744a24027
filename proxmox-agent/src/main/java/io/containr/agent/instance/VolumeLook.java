package io.containr.agent.instance;

import io.containr.agent.instance.VolumeView.Claim;
import io.containr.agent.instance.VolumeView.Place;
import io.containr.agent.proxmox.Mount;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.Volume;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Looks for an instance's volume: in its own guest's configuration, else in that of the guest that had it last. */
@Component
class VolumeLook {

    private final Proxmox proxmox;
    private final Volumes volumes;

    VolumeLook(Proxmox proxmox, Volumes volumes) {
        this.proxmox = proxmox;
        this.volumes = volumes;
    }

    /** Null for an instance without; the guest exists. */
    @Nullable
    VolumeView look(Instance instance) {
        Volume wanted = instance.spec() == null ? null : instance.spec().volume();
        if (wanted == null) {
            return null;
        }
        ServiceId service = instance.identity().service();
        String node = instance.location().nodeName();
        int vmid = instance.location().guest();
        Mount here = proxmox.config(node, vmid).volume();
        Optional<Volumes.Stored> stored = volumes.find(service);
        if (here != null && !stored.map(Volumes.Stored::vmid).equals(Optional.of(vmid))) {
            volumes.seenAt(service, node, vmid);
        }
        InstanceId owner = stored.map(Volumes.Stored::owner).orElse(null);
        return new VolumeView(
                here != null ? Place.HERE : place(stored.orElse(null), vmid),
                instance.id().equals(owner),
                owner != null,
                claim(instance.id(), volumes.claimant(service)),
                here != null && here.sizeMiB() >= wanted.sizeMiB(),
                here != null && here.path().equals(VolumeSteps.path(wanted)),
                stored.filter(Volumes.Stored::deleted).isPresent());
    }

    private Place place(Volumes.@Nullable Stored stored, int mine) {
        if (stored == null || stored.vmid() == null) {
            return Place.NOWHERE;
        }
        if (stored.vmid() == mine) {
            return Place.LOST;
        }
        try {
            Mount there = proxmox.config(Objects.requireNonNull(stored.node(), "a guest has a node"), stored.vmid())
                    .volume();
            return there == null ? Place.LOST : Place.ELSEWHERE;
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.MISSING) || (e.is(ProxmoxFailure.DENIED) && proxmox.isFree(stored.vmid()))) {
                return Place.LOST;
            }
            throw e;
        }
    }

    private static Claim claim(InstanceId instance, Optional<InstanceId> claimant) {
        return claimant.map(id -> id.equals(instance) ? Claim.THIS : Claim.ANOTHER)
                .orElse(Claim.NOBODY);
    }
}

package io.containr.agent.instance;

import io.containr.agent.instance.Observed.GuestView;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.GuestStatus;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.session.GuestAccess;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks at an instance; asks Proxmox only what the decision in this phase depends on. */
@Component
class Observer {

    private final Proxmox proxmox;
    private final GuestAccess guests;
    private final Instances instances;
    private final VolumeLook volumes;

    Observer(Proxmox proxmox, GuestAccess guests, Instances instances, VolumeLook volumes) {
        this.proxmox = proxmox;
        this.guests = guests;
        this.instances = instances;
        this.volumes = volumes;
    }

    Observed observe(Instance instance) {
        Instance.Progress progress = instance.progress();
        GuestView guest = guest(instance);
        return new Observed(
                progress.phase(),
                progress.since(),
                progress.attempts(),
                progress.attempted(),
                progress.lastError(),
                progress.task(),
                guest,
                guests.application(instance.id()),
                progress.resize() == Instance.Resize.WANTED,
                guest instanceof GuestView.Present present && !"create".equals(present.lock())
                        ? volumes.look(instance)
                        : null);
    }

    private GuestView guest(Instance instance) {
        if (instance.progress().task() != null) {
            return new GuestView.NotAsked();
        }
        if (instance.desired() instanceof Desired.Removed) {
            return instance.location().vmid() == null ? new GuestView.NotReserved() : look(instance);
        }
        return switch (instance.phase()) {
            case ACCEPTED, PLACED, ENDED, REMOVED -> new GuestView.NotAsked();
            case FAILED ->
                instance.keepsVolume() && instance.location().vmid() != null
                        ? look(instance)
                        : new GuestView.NotAsked();
            case PULLED -> instance.location().vmid() == null ? new GuestView.NotReserved() : look(instance);
            case CREATED, CONFIGURED, STARTED, HEALTHY, UNHEALTHY -> look(instance);
        };
    }

    private GuestView look(Instance instance) {
        int vmid = instance.location().guest();
        String node = instance.location().nodeName();
        Optional<GuestStatus> status;
        try {
            status = proxmox.status(node, vmid);
        } catch (ProxmoxException e) {
            return e.is(ProxmoxFailure.DENIED) ? denied(instance, vmid, e) : unreached(instance, node, vmid, e);
        }
        if (status.isEmpty()) {
            return elsewhere(instance, node, vmid);
        }
        if (maybeForeign(instance) && status.get().lock() == null && !isOurs(instance, node, vmid)) {
            return new GuestView.Foreign();
        }
        return new GuestView.Present(status.get().running(), status.get().lock());
    }

    /**
     * Rights that come from a pool end at its guests: one that is not there is refused like one of somebody else. One that
     * the cluster shows is neither: the token lacks a right for the moment.
     */
    private GuestView denied(Instance instance, int vmid, ProxmoxException refusal) {
        if (proxmox.isFree(vmid)) {
            return new GuestView.Absent();
        }
        boolean visible = proxmox.cluster().guest(vmid).isPresent();
        if (maybeForeign(instance) && !visible) {
            return new GuestView.Foreign();
        }
        throw refusal;
    }

    /** A node that is away may have lost its guests to others, and one that is no member of the cluster any more has none. */
    private GuestView unreached(Instance instance, String node, int vmid, ProxmoxException failure) {
        if (!failure.is(ProxmoxFailure.UNAVAILABLE) && !failure.is(ProxmoxFailure.OUTCOME_UNKNOWN)) {
            throw failure;
        }
        ClusterView view = proxmox.cluster();
        boolean member = view.nodes().isEmpty()
                || view.nodes().stream().anyMatch(each -> each.name().equals(node));
        boolean moved =
                view.guest(vmid).filter(guest -> !guest.node().equals(node)).isPresent();
        if (member && !moved) {
            throw failure;
        }
        return elsewhere(instance, node, vmid);
    }

    /** Up to the creation the number is only a proposal, which somebody else's guest may have taken. */
    private static boolean maybeForeign(Instance instance) {
        return switch (instance.phase()) {
            case ACCEPTED, PLACED, PULLED -> true;
            case CREATED, CONFIGURED, STARTED, HEALTHY, UNHEALTHY, ENDED, FAILED, REMOVED ->
                instance.milestones().configured() == null;
        };
    }

    private boolean isOurs(Instance instance, String node, int vmid) {
        return proxmox.config(node, vmid).description().equals(instance.description());
    }

    /** An operator may have moved it to another node. */
    private GuestView elsewhere(Instance instance, String node, int vmid) {
        Optional<ClusterView.Guest> moved =
                proxmox.cluster().guest(vmid).filter(guest -> !guest.node().equals(node));
        if (moved.isEmpty() || !isOurs(instance, moved.get().node(), vmid)) {
            return new GuestView.Absent();
        }
        String now = moved.get().node();
        instances.place(instance.id(), now);
        return proxmox.status(now, vmid)
                .<GuestView>map(status -> new GuestView.Present(status.running(), status.lock()))
                .orElse(new GuestView.Absent());
    }
}

package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.instance.PendingTask.Kind;
import io.containr.agent.proxmox.GuestConfig;
import io.containr.agent.proxmox.Mount;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.Volume;
import io.containr.runtime.work.WorkQueue;
import java.time.Duration;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Does to volumes what was decided. */
@Component
class VolumeSteps {

    private static final String USUAL_PATH = "/data";
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Proxmox proxmox;
    private final Volumes volumes;
    private final Instances instances;
    private final Transitions transitions;
    private final GuestTasks tasks;
    private final ObjectProvider<WorkQueue> instanceQueue;
    private final AgentProperties properties;

    VolumeSteps(
            Proxmox proxmox,
            Volumes volumes,
            Instances instances,
            Transitions transitions,
            GuestTasks tasks,
            ObjectProvider<WorkQueue> instanceQueue,
            AgentProperties properties) {
        this.proxmox = proxmox;
        this.volumes = volumes;
        this.instances = instances;
        this.transitions = transitions;
        this.tasks = tasks;
        this.instanceQueue = instanceQueue;
        this.properties = properties;
    }

    Outcome pause(Instance instance) {
        volumes.pause(service(instance));
        transitions.becomeUnhealthy(instance, "a newer instance takes its volume");
        return new Outcome.Again();
    }

    Outcome claim(Instance instance) {
        volumes.claim(service(instance), instance.id());
        return new Outcome.Again();
    }

    Outcome giveUp(Instance instance) {
        volumes.giveUp(service(instance), instance.id());
        volumes.claimant(service(instance)).ifPresent(this::wake);
        return new Outcome.Again();
    }

    Outcome await(Instance instance) {
        volumes.find(service(instance)).map(Volumes.Stored::owner).ifPresent(this::wake);
        return new Outcome.Later(LOOK);
    }

    Outcome make(Instance instance) {
        Volume wanted = wanted(instance);
        String node = instance.location().nodeName();
        int vmid = instance.location().guest();
        GuestConfig read = proxmox.config(node, vmid);
        proxmox.addVolume(node, vmid, read, properties.guests().rootStorage(), wanted.sizeMiB(), path(wanted));
        volumes.seenAt(service(instance), node, vmid);
        instances.forgetAttempts(instance.id());
        return new Outcome.Again();
    }

    Outcome mount(Instance instance) {
        String node = instance.location().nodeName();
        int vmid = instance.location().guest();
        GuestConfig read = proxmox.config(node, vmid);
        Mount here = Objects.requireNonNull(read.volume(), "it was seen here");
        proxmox.mountVolume(node, vmid, read, here.volume(), path(wanted(instance)));
        instances.forgetAttempts(instance.id());
        return new Outcome.Again();
    }

    Outcome move(Instance instance) {
        Volumes.Stored stored = volumes.find(service(instance)).orElseThrow();
        int from = Objects.requireNonNull(stored.vmid(), "it was seen there");
        Instance.Location to = instance.location();
        return tasks.begin(instance, Kind.MOVE_VOLUME, () -> proxmox.moveVolume(to.nodeName(), from, to.guest()));
    }

    Outcome grow(Instance instance) {
        Instance.Location location = instance.location();
        int size = wanted(instance).sizeMiB();
        return tasks.begin(
                instance, Kind.GROW_VOLUME, () -> proxmox.growVolume(location.nodeName(), location.guest(), size));
    }

    /** The guest is nobody's from now on, but for the volume; that it lies there was stored when it was seen. */
    Outcome keep(Instance instance) {
        transitions.releaseKeepingGuest(instance);
        return new Outcome.Rest();
    }

    /** Whoever is to have the volume of an instance that failed. */
    void failed(Instance instance) {
        if (instance.keepsVolume()) {
            volumes.claimant(service(instance)).ifPresent(this::wake);
        }
    }

    private void wake(InstanceId instance) {
        instanceQueue.getObject().wake(instance);
    }

    private static ServiceId service(Instance instance) {
        return instance.identity().service();
    }

    private static Volume wanted(Instance instance) {
        return Objects.requireNonNull(instance.wanted().volume(), "it has a volume");
    }

    /** Where an instance finds it. */
    static String path(Volume volume) {
        return Objects.requireNonNullElse(volume.path(), USUAL_PATH);
    }
}

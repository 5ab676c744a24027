package io.containr.agent.instance;

import io.containr.agent.placement.Placement;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.work.WorkQueue;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Volumes as backups see them: where each lies, and how one gets in that was made of a backup. The guest that a backup is restored to is
 * an instance that never starts, its holder: it has the volume until an instance of the service takes it, and goes then.
 */
@Component
public class VolumePlaces {

    private static final UUID NOBODY = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final Volumes volumes;
    private final Instances instances;
    private final Placement placement;
    private final ObjectProvider<WorkQueue> instanceQueue;
    private final Clock clock;

    VolumePlaces(
            JdbcClient jdbc,
            Volumes volumes,
            Instances instances,
            Placement placement,
            ObjectProvider<WorkQueue> instanceQueue,
            Clock clock) {
        this.jdbc = jdbc;
        this.volumes = volumes;
        this.instances = instances;
        this.placement = placement;
        this.instanceQueue = instanceQueue;
        this.clock = clock;
    }

    /** A guest that has a volume, or shall have one. */
    public record Place(String node, int vmid) {}

    /** The guest that has the service's volume; empty where there is none. */
    public Optional<Place> of(ServiceId service) {
        return volumes.find(service)
                .filter(volume -> volume.node() != null && volume.vmid() != null)
                .map(volume -> new Place(Objects.requireNonNull(volume.node()), Objects.requireNonNull(volume.vmid())));
    }

    /** Whether the service's volume goes with its guest. */
    public boolean isDeleted(ServiceId service) {
        return volumes.find(service).map(Volumes.Stored::deleted).orElse(false);
    }

    /** The holder's guest: its number, chosen now where it has none; it does not exist before it is restored. */
    public Place hold(InstanceId holder, ServiceId service, String node) {
        Origin origin = Origins.current();
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since,
                                      node, correlation_id)
                values (:id, :service, :nobody, :nobody, 0, 'RUNNING', 'ENDED', :now, :node, :correlation)
                on conflict (id) do nothing""")
                .param("id", holder.value())
                .param("service", service.value())
                .param("nobody", NOBODY)
                .param("now", Timestamp.from(clock.instant()))
                .param("node", node)
                .param("correlation", origin.correlationId())
                .update();
        Instance instance = instances.find(holder).orElseThrow();
        if (instance.location().vmid() == null) {
            placement.reserveVmid(holder);
            instance = instances.find(holder).orElseThrow();
        }
        return new Place(node, instance.location().guest());
    }

    /** The holder gets another number the next time it is asked for one. */
    public void renumber(InstanceId holder) {
        jdbc.sql("update instance set vmid = null where id = :id")
                .param("id", holder.value())
                .update();
    }

    /** What the holder's guest is to be recognised by. */
    public String description(InstanceId holder) {
        return instances.find(holder).orElseThrow().description();
    }

    /** From now on the service's next instance finds its volume there. */
    public void restored(ServiceId service, Place place) {
        volumes.seenAt(service, place.node(), place.vmid());
    }

    /** The holder goes, with its guest and whatever that has. */
    @Transactional
    public void release(InstanceId holder) {
        Timestamp now = Timestamp.from(clock.instant());
        jdbc.sql("""
                update instance set desired = 'REMOVED', drain_until = :now, stop_grace_ms = 0, attempts = 0
                where id = :id and phase <> 'REMOVED'""").param("now", now).param("id", holder.value()).update();
        instanceQueue.getObject().wake(holder);
    }
}

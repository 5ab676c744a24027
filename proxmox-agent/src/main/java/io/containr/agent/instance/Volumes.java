package io.containr.agent.instance;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of volumes: whose each is, and which guest has it. */
@Repository
class Volumes {

    private final JdbcClient jdbc;
    private final Clock clock;

    Volumes(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * @param owner whose guest alone may be started, null: whoever claims it
     * @param node where it lies, null before it was made
     * @param vmid the guest that has it in its configuration, null before it was made
     */
    record Stored(
            ServiceId service,
            @Nullable InstanceId owner,
            @Nullable String node,
            @Nullable Integer vmid,
            boolean deleted) {}

    Optional<Stored> find(ServiceId service) {
        return jdbc.sql("select * from volume where service_id = :service")
                .param("service", service.value())
                .query(Volumes::stored)
                .optional();
    }

    /** The instance that is to have it: the newest that is wanted and ready to start; a failed one is out of the question. */
    Optional<InstanceId> claimant(ServiceId service) {
        return jdbc.sql("""
                select id from instance
                where service_id = :service and desired = 'RUNNING'
                  and phase in ('CONFIGURED', 'STARTED', 'HEALTHY', 'UNHEALTHY')
                  and spec::jsonb -> 'volume' ->> 'sizeMiB' is not null
                order by id desc limit 1""")
                .param("service", service.value())
                .query(UUID.class)
                .optional()
                .map(InstanceId::new);
    }

    /** Takes what nobody owns; without effect where somebody does. */
    void claim(ServiceId service, InstanceId instance) {
        jdbc.sql("""
                insert into volume (service_id, owner) values (:service, :instance)
                on conflict (service_id) do update set owner = :instance where volume.owner is null""")
                .param("service", service.value())
                .param("instance", instance.value())
                .update();
    }

    /** Gives it up; without effect for one that does not own it. */
    void giveUp(ServiceId service, InstanceId instance) {
        jdbc.sql("update volume set owner = null where service_id = :service and owner = :instance")
                .param("service", service.value())
                .param("instance", instance.value())
                .update();
    }

    /** It was seen there. */
    void seenAt(ServiceId service, String node, int vmid) {
        jdbc.sql("""
                insert into volume (service_id, node, vmid) values (:service, :node, :vmid)
                on conflict (service_id) do update set node = :node, vmid = :vmid""")
                .param("service", service.value())
                .param("node", node)
                .param("vmid", vmid)
                .update();
    }

    /** Its guest is gone, and it with it. */
    void gone(ServiceId service) {
        jdbc.sql("update volume set node = null, vmid = null, owner = null where service_id = :service")
                .param("service", service.value())
                .update();
    }

    /** From now on it goes with its guest. */
    void delete(ServiceId service) {
        jdbc.sql("""
                insert into volume (service_id, deleted_at) values (:service, :now)
                on conflict (service_id) do update set deleted_at = coalesce(volume.deleted_at, :now)""")
                .param("service", service.value())
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** Deleted ones whose guest is still there and belongs to no instance any more. */
    List<Stored> left() {
        return jdbc.sql("""
                select * from volume where deleted_at is not null and vmid is not null and not exists (
                    select 1 from instance where instance.vmid = volume.vmid and phase <> 'REMOVED')""").query(Volumes::stored).list();
    }

    void forgetDeletedBefore(Instant instant) {
        jdbc.sql("delete from volume where vmid is null and deleted_at < :before")
                .param("before", Timestamp.from(instant))
                .update();
    }

    /** Who used it is about to stop. */
    void pause(ServiceId service) {
        jdbc.sql("update volume set paused_at = coalesce(paused_at, :now) where service_id = :service")
                .param("now", Timestamp.from(clock.instant()))
                .param("service", service.value())
                .update();
    }

    /** It is in use again; how long it was not. */
    Optional<Duration> resume(ServiceId service) {
        Optional<Timestamp> since = jdbc.sql(
                        "select paused_at from volume where service_id = :service and paused_at is not null for update")
                .param("service", service.value())
                .query(Timestamp.class)
                .optional();
        if (since.isPresent()) {
            jdbc.sql("update volume set paused_at = null where service_id = :service")
                    .param("service", service.value())
                    .update();
        }
        return since.map(paused -> Duration.between(paused.toInstant(), clock.instant()));
    }

    private static Stored stored(ResultSet row, int index) throws SQLException {
        UUID owner = row.getObject("owner", UUID.class);
        return new Stored(
                new ServiceId(row.getObject("service_id", UUID.class)),
                owner == null ? null : new InstanceId(owner),
                row.getString("node"),
                row.getObject("vmid", Integer.class),
                row.getTimestamp("deleted_at") != null);
    }
}

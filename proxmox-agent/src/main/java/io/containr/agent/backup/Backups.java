package io.containr.agent.backup;

import io.containr.agent.backup.Backup.State;
import io.containr.agent.instance.VolumePlaces.Place;
import io.containr.agent.proxmox.BackupArchive;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of backups. */
@Repository
class Backups {

    /** The unit of time in the name of an archive. */
    private static final Duration NAMED_BY = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    Backups(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Optional<Backup> find(BackupId id) {
        return jdbc.sql("select * from backup where id = :id")
                .param("id", id.value())
                .query(Backups::backup)
                .optional();
    }

    /** Without effect for one that is known. */
    void ask(BackupId id, ServiceId service) {
        jdbc.sql("""
                insert into backup (id, service_id, state, asked_at) values (:id, :service, 'ASKED', :now)
                on conflict (id) do nothing""")
                .param("id", id.value())
                .param("service", service.value())
                .param("now", now())
                .update();
    }

    /** Of one that nobody knows only the memory is kept that it must not come any more. */
    void delete(BackupId id, ServiceId service) {
        jdbc.sql("""
                insert into backup (id, service_id, deletion, state, asked_at) values (:id, :service, true, 'FAILED', :now)
                on conflict (id) do update set deletion = true""")
                .param("id", id.value())
                .param("service", service.value())
                .param("now", now())
                .update();
    }

    /** Whether another one of that node is being taken: a node takes one at a time. */
    boolean isBusy(String node, BackupId except) {
        return jdbc.sql("select count(*) from backup where node = :node and state = 'DUMPING' and id <> :id")
                        .param("node", node)
                        .param("id", except.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /**
     * Whether one of that guest ended within a second: an archive's name has the second of its beginning, and Proxmox puts the later of
     * two archives with the same name in the place of the earlier one.
     */
    boolean mayTakeTheNameOfAnother(Place place) {
        return jdbc.sql("select count(*) from backup where node = :node and vmid = :vmid and ended_at > :since")
                        .param("node", place.node())
                        .param("vmid", place.vmid())
                        .param("since", Timestamp.from(clock.instant().minus(NAMED_BY)))
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Lets nobody else begin a backup on that node until the end of the transaction. */
    void lock(String node) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:node, 0))")
                .param("node", "backup/" + node)
                .query((row, index) -> index)
                .list();
    }

    /** Tasks that are known to be of other backups. */
    Set<Upid> tasksExcept(BackupId id) {
        return jdbc
                .sql("select task_upid from backup where task_upid is not null and id <> :id")
                .param("id", id.value())
                .query(String.class)
                .list()
                .stream()
                .map(Upid::new)
                .collect(Collectors.toSet());
    }

    /** Notes that its guest is held by something else, or no longer. */
    void locked(BackupId id, boolean locked) {
        jdbc.sql(
                        "update backup set locked_since = case when :locked then coalesce(locked_since, :now) end where id = :id")
                .param("locked", locked)
                .param("now", now())
                .param("id", id.value())
                .update();
    }

    /** Notes that its dump is about to begin, before it is begun. */
    void intend(BackupId id, Place place) {
        jdbc.sql("""
                update backup set state = 'DUMPING', node = :node, vmid = :vmid, task_upid = null, task_since = :now,
                    attempts = attempts + 1
                where id = :id""")
                .param("node", place.node())
                .param("vmid", place.vmid())
                .param("now", now())
                .param("id", id.value())
                .update();
    }

    void begun(BackupId id, Upid task) {
        jdbc.sql("update backup set task_upid = :task where id = :id")
                .param("task", task.value())
                .param("id", id.value())
                .update();
    }

    /** Once more from the beginning; a passing reason does not count as an attempt. */
    void again(BackupId id, String reason, boolean passing) {
        jdbc.sql("""
                update backup set state = 'ASKED', task_upid = null, task_since = null, last_error = :reason,
                    attempts = attempts - :passing
                where id = :id""")
                .param("reason", reason)
                .param("passing", passing ? 1 : 0)
                .param("id", id.value())
                .update();
    }

    void taken(BackupId id, BackupArchive archive) {
        jdbc.sql("""
                update backup set state = 'TAKEN', archive = :archive, size_bytes = :size, taken_at = :at,
                    ended_at = :now
                where id = :id""")
                .param("now", now())
                .param("archive", archive.volumeId())
                .param("size", archive.sizeBytes())
                .param("at", Timestamp.from(archive.takenAt()))
                .param("id", id.value())
                .update();
    }

    void failed(BackupId id, String reason) {
        jdbc.sql("update backup set state = 'FAILED', last_error = :reason, archive = null where id = :id")
                .param("reason", reason)
                .param("id", id.value())
                .update();
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static Backup backup(ResultSet row, int index) throws SQLException {
        String node = row.getString("node");
        Integer vmid = row.getObject("vmid", Integer.class);
        @Nullable String task = row.getString("task_upid");
        @Nullable Timestamp since = row.getTimestamp("task_since");
        @Nullable Timestamp lockedSince = row.getTimestamp("locked_since");
        return new Backup(
                new BackupId(row.getObject("id", UUID.class)),
                new ServiceId(row.getObject("service_id", UUID.class)),
                row.getBoolean("deletion"),
                State.valueOf(row.getString("state")),
                node == null || vmid == null ? null : new Place(node, vmid),
                task == null ? null : new Upid(task),
                since == null ? null : since.toInstant(),
                row.getInt("attempts"),
                row.getString("archive"),
                lockedSince == null ? null : lockedSince.toInstant());
    }
}

package io.containr.database.wal;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of archives, of the backups that they go on from, and of how they fare. */
@Repository
class WalArchives {

    /** Completed backups from which an archive leads on, with the archive. */
    private static final String BASES = """
            select backup.id as backup_id, backup.base_at, wal_archive.*
            from database_backup backup join wal_archive on wal_archive.id = backup.archive_id
            where backup.database_id = :database and backup.status = 'COMPLETED' and not backup.deletion
              and wal_archive.covered_until >= backup.base_at
            """;

    private final JdbcClient jdbc;

    WalArchives(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A backup with what leads on from it.
     *
     * @param at when it was certainly taken
     */
    record Base(BackupId backup, Instant at, WalArchive archive) {}

    /** @param failure null: it went well */
    record Look(@Nullable String failure) {}

    Optional<WalArchive> find(UUID id) {
        return jdbc.sql("select * from wal_archive where id = :id")
                .param("id", id)
                .query(WalArchives::archive)
                .optional();
    }

    List<WalArchive> all() {
        return jdbc.sql("select * from wal_archive").query(WalArchives::archive).list();
    }

    /** Until the current transaction ends, nobody else has this. */
    void lock(ServiceId volume) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('wal_archive ' || :volume, 0))")
                .param("volume", volume.toString())
                .query((row, index) -> volume)
                .single();
    }

    /** The one that goes on. */
    Optional<WalArchive> of(ServiceId volume) {
        return jdbc.sql("select * from wal_archive where volume_id = :volume and ended_at is null")
                .param("volume", volume.value())
                .query(WalArchives::archive)
                .optional();
    }

    /** Without effect where the volume has one that goes on. */
    void insert(WalArchive archive) {
        jdbc.sql("""
                insert into wal_archive (id, database_id, volume_id, timeline, segment_bytes, first_segment, next_segment, begun_at)
                values (:id, :database, :volume, :timeline, :bytes, :first, :next, :begun)
                on conflict (volume_id) where ended_at is null do nothing""")
                .param("id", archive.id())
                .param("database", archive.database().value())
                .param("volume", archive.volume().value())
                .param("timeline", archive.timeline())
                .param("bytes", archive.segmentBytes())
                .param("first", archive.firstSegment())
                .param("next", archive.nextSegment())
                .param("begun", Rows.timestamp(archive.begunAt()))
                .update();
    }

    void stored(UUID id, long next) {
        jdbc.sql("update wal_archive set next_segment = greatest(next_segment, :next) where id = :id")
                .param("next", next)
                .param("id", id)
                .update();
    }

    void covered(UUID id, Instant until, @Nullable String quietSnapshot) {
        jdbc.sql("""
                update wal_archive set covered_until = :until, quiet_snapshot = :snapshot
                where id = :id and (covered_until is null or covered_until < :until)""")
                .param("until", Rows.timestamp(until))
                .param("snapshot", quietSnapshot)
                .param("id", id)
                .update();
    }

    void quiet(UUID id, String snapshot, Instant until) {
        jdbc.sql("update wal_archive set quiet_until = :until where id = :id and quiet_snapshot = :snapshot")
                .param("until", Rows.timestamp(until))
                .param("snapshot", snapshot)
                .param("id", id)
                .update();
    }

    void end(UUID id, String reason, Instant now) {
        jdbc.sql("update wal_archive set ended_at = :now, end_reason = :reason where id = :id and ended_at is null")
                .param("now", Rows.timestamp(now))
                .param("reason", reason)
                .param("id", id)
                .update();
    }

    /** Those whose volumes are no database's any more. */
    void endOrphans(Instant now) {
        jdbc.sql("""
                update wal_archive set ended_at = :now, end_reason = 'its volume is gone'
                where ended_at is null and not exists (
                    select 1 from database where volume_id = wal_archive.volume_id or previous_volume_id = wal_archive.volume_id)""").param("now", Rows.timestamp(now)).update();
    }

    void delete(UUID id) {
        jdbc.sql("delete from wal_archive where id = :id").param("id", id).update();
    }

    /** The first segment that a backup needs which is there or on its way; empty where none does. */
    Optional<Long> needed(UUID id) {
        return Optional.ofNullable(jdbc.sql("""
                        select min(first_segment) as first from database_backup
                        where archive_id = :id and status <> 'FAILED' and not deletion""")
                .param("id", id)
                .query((row, index) -> row.getObject("first", Long.class))
                .list()
                .getFirst());
    }

    /** Whether a backup that it goes on from was taken after the last commit that is stored. */
    boolean hasYoungBase(UUID id) {
        return jdbc.sql("""
                        select count(*) from database_backup backup join wal_archive on wal_archive.id = archive_id
                        where archive_id = :id and status = 'COMPLETED' and not deletion
                          and (covered_until is null or base_at > covered_until)""").param("id", id).query(Long.class).single() > 0;
    }

    /** From which segment of an archive on a backup needs it; in the current transaction. */
    void begins(BackupId backup, UUID archive, long firstSegment) {
        jdbc.sql("update database_backup set archive_id = :archive, first_segment = :first where id = :id")
                .param("archive", archive)
                .param("first", firstSegment)
                .param("id", backup.value())
                .update();
    }

    /** In the current transaction. */
    void taken(BackupId backup, Instant now) {
        jdbc.sql("update database_backup set base_at = :now where id = :id and archive_id is not null")
                .param("now", Rows.timestamp(now))
                .param("id", backup.value())
                .update();
    }

    long firstSegment(BackupId backup) {
        return jdbc.sql("select first_segment from database_backup where id = :id")
                .param("id", backup.value())
                .query(Long.class)
                .single();
    }

    /** Oldest first. */
    List<Base> bases(DatabaseId database) {
        return jdbc.sql(BASES + "order by backup.base_at")
                .param("database", database.value())
                .query((row, index) -> base(row))
                .list();
    }

    /** Returns whether it failed and did not before. */
    boolean looked(DatabaseId database, @Nullable String failure, Instant now) {
        boolean failedBefore =
                look(database).filter(look -> look.failure() != null).isPresent();
        jdbc.sql("""
                insert into wal_look (database_id, looked_at, failure, failing_since)
                select id, :now::timestamptz, :failure::text, case when :failure::text is not null then :now::timestamptz end
                from database where id = :database
                on conflict (database_id) do update set looked_at = excluded.looked_at, failure = excluded.failure,
                    failing_since = case when excluded.failure is not null
                        then coalesce(wal_look.failing_since, excluded.failing_since) end""")
                .param("now", Rows.timestamp(now))
                .param("failure", failure)
                .param("database", database.value())
                .update();
        return failure != null && !failedBefore;
    }

    Optional<Look> look(DatabaseId database) {
        return jdbc.sql("select failure from wal_look where database_id = :database")
                .param("database", database.value())
                .query((row, index) -> new Look(row.getString("failure")))
                .optional();
    }

    long failing() {
        return jdbc.sql("select count(*) from wal_look where failure is not null")
                .query(Long.class)
                .single();
    }

    private static Base base(ResultSet row) throws SQLException {
        return new Base(Rows.id(row, "backup_id", BackupId::new), Rows.instant(row, "base_at"), archive(row, 0));
    }

    private static WalArchive archive(ResultSet row, int index) throws SQLException {
        return new WalArchive(
                row.getObject("id", UUID.class),
                Rows.id(row, "database_id", DatabaseId::new),
                Rows.id(row, "volume_id", ServiceId::new),
                row.getLong("timeline"),
                row.getLong("segment_bytes"),
                row.getLong("first_segment"),
                row.getLong("next_segment"),
                Rows.instant(row, "begun_at"),
                Rows.instantOrNull(row, "covered_until"),
                row.getString("quiet_snapshot"),
                Rows.instantOrNull(row, "quiet_until"),
                row.getObject("ended_at") != null);
    }
}

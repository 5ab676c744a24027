package io.containr.database.backup;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.backup.DatabaseBackup.Origin;
import io.containr.database.backup.DatabaseBackup.Proof;
import io.containr.database.backup.DatabaseBackup.Status;
import io.containr.database.backup.DatabaseBackup.Trigger;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import io.containr.runtime.rows.Json;
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

/** The table of backups. */
@Repository
public class DatabaseBackups {

    /** None is taken away while it is being restored. */
    private static final String UNUSED = """
            and not exists (
                select 1 from database where recovery_backup = database_backup.id and recovery_aim <> 'LOST_CLONE')""";

    private final JdbcClient jdbc;
    private final Json json;

    DatabaseBackups(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    public Optional<DatabaseBackup> find(BackupId id) {
        return jdbc.sql("select * from database_backup where id = :id")
                .param("id", id.value())
                .query(this::backup)
                .optional();
    }

    /** Unless it goes. */
    Optional<DatabaseBackup> findKept(BackupId id) {
        return jdbc.sql("select * from database_backup where id = :id and not deletion")
                .param("id", id.value())
                .query(this::backup)
                .optional();
    }

    /** Newest first, without those that go. */
    public List<DatabaseBackup> of(DatabaseId database) {
        return jdbc.sql("""
                select * from database_backup where database_id = :database and not deletion
                order by created_at desc limit 200""")
                .param("database", database.value())
                .query(this::backup)
                .list();
    }

    boolean isInProgress(DatabaseId database) {
        return jdbc.sql("select count(*) from database_backup where database_id = :database and status = 'IN_PROGRESS'")
                        .param("database", database.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    void insert(DatabaseBackup backup) {
        Origin origin = backup.origin();
        jdbc.sql("""
                insert into database_backup (id, database_id, owner_id, project_id, volume_id, trigger, status, type, version,
                    plan, image, username, database_name, password, canary, created_at, proof_wanted)
                values (:id, :database, :owner, :project, :volume, :trigger, :status, :type, :version, :plan, :image, :user,
                    :name, :password, :canary, :created, :proof)""")
                .param("id", backup.id().value())
                .param("database", backup.database().value())
                .param("owner", backup.owner().value())
                .param(
                        "project",
                        backup.project() == null ? null : backup.project().value())
                .param("volume", backup.volume().value())
                .param("trigger", backup.trigger().name())
                .param("status", backup.status().name())
                .param("type", origin.type().name())
                .param("version", origin.version())
                .param("plan", origin.plan().name())
                .param("image", json.write(origin.image()))
                .param("user", origin.user())
                .param("name", origin.database())
                .param("password", origin.password().ciphertext())
                .param("canary", backup.canary())
                .param("created", Rows.timestamp(backup.createdAt()))
                .param("proof", backup.proof().wanted())
                .update();
    }

    /** Returns whether it was in progress. */
    boolean complete(VolumeBackedUp event) {
        return jdbc.sql("""
                update database_backup set status = 'COMPLETED', size_bytes = :size, archive = :archive, completed_at = :at
                where id = :id and status = 'IN_PROGRESS'""")
                        .param("size", event.sizeBytes())
                        .param("archive", event.archive())
                        .param("at", Rows.timestamp(event.takenAt()))
                        .param("id", event.backup().value())
                        .update()
                == 1;
    }

    /** Returns whether it was in progress. */
    boolean fail(BackupId id, Failure failure, Instant now) {
        return jdbc.sql("""
                update database_backup set status = 'FAILED', failure_code = :code, failure_message = :message,
                    completed_at = :now
                where id = :id and status = 'IN_PROGRESS'""")
                        .param("code", failure.code())
                        .param("message", failure.message())
                        .param("now", Rows.timestamp(now))
                        .param("id", id.value())
                        .update()
                == 1;
    }

    void verified(BackupId id, Instant now) {
        jdbc.sql("update database_backup set verified_at = :now, drill_failure = null where id = :id")
                .param("now", Rows.timestamp(now))
                .param("id", id.value())
                .update();
    }

    void notVerified(BackupId id, String reason) {
        jdbc.sql("update database_backup set drill_failure = :reason where id = :id")
                .param("reason", reason)
                .param("id", id.value())
                .update();
    }

    /** Completed ones beyond the newest so many that nobody needs; none of them that was told to go before. */
    List<DatabaseBackup> superfluous(DatabaseId database, int kept) {
        return jdbc.sql("""
                select * from database_backup
                where id in (
                    select id from database_backup
                    where database_id = :database and status = 'COMPLETED' and not deletion
                    order by created_at desc offset :kept)
                """ + UNUSED)
                .param("database", database.value())
                .param("kept", kept)
                .query(this::backup)
                .list();
    }

    List<DatabaseBackup> expired(Instant now) {
        return jdbc.sql("select * from database_backup where expires_at <= :now and not deletion " + UNUSED
                        + " limit 100")
                .param("now", Rows.timestamp(now))
                .query(this::backup)
                .list();
    }

    List<DatabaseBackup> inProgressSince(Instant before) {
        return jdbc.sql("select * from database_backup where status = 'IN_PROGRESS' and created_at < :before limit 100")
                .param("before", Rows.timestamp(before))
                .query(this::backup)
                .list();
    }

    void expireAll(DatabaseId database, Instant at) {
        jdbc.sql("update database_backup set expires_at = :at where database_id = :database")
                .param("at", Rows.timestamp(at))
                .param("database", database.value())
                .update();
    }

    void letGo(BackupId id) {
        jdbc.sql("update database_backup set deletion = true where id = :id")
                .param("id", id.value())
                .update();
    }

    void delete(BackupId id) {
        jdbc.sql("delete from database_backup where id = :id and deletion")
                .param("id", id.value())
                .update();
    }

    private DatabaseBackup backup(ResultSet row, int index) throws SQLException {
        String code = row.getString("failure_code");
        @Nullable Long size = row.getObject("size_bytes", Long.class);
        return new DatabaseBackup(
                Rows.id(row, "id", BackupId::new),
                Rows.id(row, "database_id", DatabaseId::new),
                Rows.id(row, "owner_id", UserId::new),
                Rows.idOrNull(row, "project_id", (UUID project) -> new ProjectId(project)),
                Rows.id(row, "volume_id", ServiceId::new),
                Trigger.valueOf(row.getString("trigger")),
                Status.valueOf(row.getString("status")),
                code == null ? null : new Failure(code, row.getString("failure_message")),
                new Origin(
                        DatabaseType.valueOf(row.getString("type")),
                        row.getString("version"),
                        Plan.valueOf(row.getString("plan")),
                        json.read(row.getString("image"), PreparedImage.class),
                        row.getString("username"),
                        row.getString("database_name"),
                        new Sealed(row.getString("password"))),
                row.getString("canary"),
                size,
                Rows.instant(row, "created_at"),
                Rows.instantOrNull(row, "completed_at"),
                new Proof(
                        row.getBoolean("proof_wanted"),
                        Rows.instantOrNull(row, "verified_at"),
                        row.getString("drill_failure")));
    }
}

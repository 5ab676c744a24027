package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.managed.LastRestore.Status;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What came of the last time that each database was to go back. */
@Repository
public class LastRestores {

    private final JdbcClient jdbc;
    private final Clock clock;

    LastRestores(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Empty where it never was to. */
    public Optional<LastRestore> of(DatabaseId database) {
        return jdbc.sql("select * from last_restore where database_id = :database")
                .param("database", database.value())
                .query(LastRestores::lastRestore)
                .optional();
    }

    void begin(DatabaseId database, BackupId backup, @Nullable Instant target) {
        jdbc.sql("""
                insert into last_restore (database_id, backup_id, target, status, started_at)
                values (:database, :backup, :target, 'RUNNING', :now)
                on conflict (database_id) do update set backup_id = excluded.backup_id, target = excluded.target,
                    status = excluded.status, failure_code = null, failure_message = null,
                    started_at = excluded.started_at, ended_at = null""")
                .param("database", database.value())
                .param("backup", backup.value())
                .param("target", Rows.timestamp(target))
                .param("now", Rows.timestamp(clock.instant()))
                .update();
    }

    /** @param failure null: it went back */
    void end(DatabaseId database, @Nullable Failure failure) {
        jdbc.sql("""
                update last_restore set status = :status, failure_code = :code, failure_message = :message, ended_at = :now
                where database_id = :database""")
                .param("database", database.value())
                .param("status", (failure == null ? Status.SUCCEEDED : Status.FAILED).name())
                .param("code", failure == null ? null : failure.code())
                .param("message", failure == null ? null : failure.message())
                .param("now", Rows.timestamp(clock.instant()))
                .update();
    }

    private static LastRestore lastRestore(ResultSet row, int index) throws SQLException {
        String code = row.getString("failure_code");
        return new LastRestore(
                Rows.id(row, "backup_id", BackupId::new),
                Rows.instantOrNull(row, "target"),
                Status.valueOf(row.getString("status")),
                code == null ? null : new Failure(code, row.getString("failure_message")),
                Rows.instant(row, "started_at"),
                Rows.instantOrNull(row, "ended_at"));
    }
}

package io.containr.agent.backup;

import io.containr.agent.backup.Restoration.State;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of volumes that are made of backups. */
@Repository
class Restorations {

    private final JdbcClient jdbc;
    private final Clock clock;

    Restorations(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Optional<Restoration> find(ServiceId service) {
        return jdbc.sql("select * from restoration where service_id = :service")
                .param("service", service.value())
                .query(Restorations::restoration)
                .optional();
    }

    /** Without effect for a service that was restored to before. */
    void ask(ServiceId service, BackupId backup) {
        jdbc.sql("""
                insert into restoration (service_id, backup_id, state, holder, asked_at)
                values (:service, :backup, 'ASKED', :holder, :now) on conflict (service_id) do nothing""")
                .param("service", service.value())
                .param("backup", backup.value())
                .param("holder", Ids.next())
                .param("now", now())
                .update();
    }

    void intend(ServiceId service) {
        jdbc.sql("""
                update restoration set state = 'RESTORING', task_upid = null, task_since = :now, attempts = attempts + 1
                where service_id = :service""").param("now", now()).param("service", service.value()).update();
    }

    void begun(ServiceId service, Upid task) {
        jdbc.sql("update restoration set task_upid = :task where service_id = :service")
                .param("task", task.value())
                .param("service", service.value())
                .update();
    }

    void enter(ServiceId service, State state, @Nullable String reason) {
        jdbc.sql("""
                update restoration set state = :state, task_upid = null, task_since = null,
                    last_error = coalesce(:reason, last_error)
                where service_id = :service""")
                .param("state", state.name())
                .param("reason", reason)
                .param("service", service.value())
                .update();
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static Restoration restoration(ResultSet row, int index) throws SQLException {
        @Nullable String task = row.getString("task_upid");
        @Nullable Timestamp since = row.getTimestamp("task_since");
        return new Restoration(
                new ServiceId(row.getObject("service_id", UUID.class)),
                new BackupId(row.getObject("backup_id", UUID.class)),
                State.valueOf(row.getString("state")),
                new InstanceId(row.getObject("holder", UUID.class)),
                task == null ? null : new Upid(task),
                since == null ? null : since.toInstant(),
                row.getInt("attempts"));
    }
}

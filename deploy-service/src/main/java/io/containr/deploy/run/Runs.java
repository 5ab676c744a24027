package io.containr.deploy.run;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.Listing;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored runs. */
@Repository
public class Runs {

    private final JdbcClient jdbc;
    private final Json json;

    Runs(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** False where the service had its run at that scheduled time, or one is running. */
    boolean add(Run run, Instant now) {
        return jdbc.sql("""
                insert into cron_run (id, service_id, project_id, deployment_id, release_id, instance_id, trigger,
                    scheduled_at, status, created_at, deadline, ended_at, instance_gone, origin)
                values (:id, :service, :project, :deployment, :release, :instance, :trigger, :scheduled, :status, :now,
                    :deadline, :ended, :gone, :origin)
                on conflict do nothing""")
                        .param("id", run.id().value())
                        .param("service", run.service().value())
                        .param("project", run.project().value())
                        .param("deployment", run.deployment().value())
                        .param("release", run.release().value())
                        .param(
                                "instance",
                                run.instance() == null ? null : run.instance().value())
                        .param("trigger", run.trigger().name())
                        .param("scheduled", Timestamp.from(run.scheduledAt()))
                        .param("status", run.status().name())
                        .param("now", Timestamp.from(now))
                        .param("deadline", Rows.timestamp(run.deadline()))
                        .param("ended", Rows.timestamp(run.endedAt()))
                        .param("gone", run.instance() == null)
                        .param("origin", json.write(run.origin()))
                        .update()
                == 1;
    }

    public Optional<Run> find(RunId id) {
        return jdbc.sql("select * from cron_run where id = :id")
                .param("id", id.value())
                .query(this::run)
                .optional();
    }

    Optional<Run> of(InstanceId instance) {
        return jdbc.sql("select * from cron_run where instance_id = :instance")
                .param("instance", instance.value())
                .query(this::run)
                .optional();
    }

    /** Of a service at most one runs. */
    Optional<Run> running(ServiceId service) {
        return jdbc.sql("select * from cron_run where service_id = :service and status = 'RUNNING'")
                .param("service", service.value())
                .query(this::run)
                .optional();
    }

    /** A service's, newest first. */
    public Listing<Run> listing() {
        return new Listing<>(jdbc, "cron_run", this::run);
    }

    void started(InstanceId instance, Instant at) {
        jdbc.sql("""
                update cron_run set started_at = :at
                where instance_id = :instance and started_at is null and status = 'RUNNING'""")
                .param("at", Timestamp.from(at))
                .param("instance", instance.value())
                .update();
    }

    /** False where it had ended already. */
    boolean end(RunId id, RunStatus status, @Nullable Integer exitCode, @Nullable Failure failure, Instant at) {
        return jdbc.sql("""
                update cron_run set status = :status, ended_at = :at, exit_code = :exit, error_code = :code, error = :error,
                    started_at = case when :ran then coalesce(started_at, :at) else started_at end
                where id = :id and status = 'RUNNING'""")
                        .param("status", status.name())
                        .param("at", Timestamp.from(at))
                        .param("exit", exitCode)
                        .param("ran", exitCode != null)
                        .param("code", failure == null ? null : failure.code())
                        .param("error", failure == null ? null : failure.message())
                        .param("id", id.value())
                        .update()
                == 1;
    }

    void instanceGone(InstanceId instance) {
        jdbc.sql("update cron_run set instance_gone = true where instance_id = :instance")
                .param("instance", instance.value())
                .update();
    }

    /** Notes that the removal of what ended runs left is asked for now, where it was not since {@code before}. */
    List<InstanceId> toRemove(ServiceId service, Instant before, Instant now) {
        return jdbc.sql("""
                update cron_run set removal_at = :now
                where service_id = :service and status <> 'RUNNING' and not instance_gone
                  and (removal_at is null or removal_at < :before)
                returning instance_id""")
                .param("service", service.value())
                .param("now", Timestamp.from(now))
                .param("before", Timestamp.from(before))
                .query((row, i) -> Rows.id(row, "instance_id", InstanceId::new))
                .list();
    }

    boolean anyInstance(ServiceId service) {
        return jdbc.sql("select count(*) from cron_run where service_id = :service and not instance_gone")
                        .param("service", service.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Whether an ended run left an instance whose removal is not confirmed. */
    boolean anyEndedInstance(ServiceId service) {
        return jdbc.sql("""
                select count(*) from cron_run
                where service_id = :service and status <> 'RUNNING' and not instance_gone""").param("service", service.value()).query(Long.class).single() > 0;
    }

    /** Keeps the newest ones. */
    void retain(ServiceId service, int kept) {
        jdbc.sql("""
                delete from cron_run where service_id = :service and status <> 'RUNNING' and instance_gone and id <= (
                    select id from cron_run where service_id = :service order by id desc offset :kept limit 1)""").param("service", service.value()).param("kept", kept).update();
    }

    void deleteAll(ServiceId service) {
        jdbc.sql("delete from cron_run where service_id = :service")
                .param("service", service.value())
                .update();
    }

    private Run run(ResultSet row, int index) throws SQLException {
        String code = row.getString("error_code");
        int exit = row.getInt("exit_code");
        Integer exitCode = row.wasNull() ? null : Integer.valueOf(exit);
        return new Run(
                Rows.id(row, "id", RunId::new),
                Rows.id(row, "service_id", ServiceId::new),
                Rows.id(row, "project_id", ProjectId::new),
                Rows.id(row, "deployment_id", DeploymentId::new),
                Rows.id(row, "release_id", ReleaseId::new),
                Rows.idOrNull(row, "instance_id", InstanceId::new),
                RunTrigger.valueOf(row.getString("trigger")),
                Rows.instant(row, "scheduled_at"),
                RunStatus.valueOf(row.getString("status")),
                Rows.instantOrNull(row, "deadline"),
                Rows.instantOrNull(row, "started_at"),
                Rows.instantOrNull(row, "ended_at"),
                exitCode,
                code == null ? null : new Failure(code, row.getString("error")),
                json.read(row.getString("origin"), Origin.class));
    }
}

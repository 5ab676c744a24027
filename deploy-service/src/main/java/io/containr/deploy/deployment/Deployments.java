package io.containr.deploy.deployment;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.Listing;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored deployments. Whoever changes one holds the lock of its service's rollout. */
@Repository
public class Deployments {

    private final JdbcClient jdbc;
    private final Json json;

    Deployments(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Records one that is pending. */
    public void add(
            DeploymentId id, ServiceSpec spec, Trigger trigger, Deployment.Source source, Origin origin, Instant now) {
        Commit commit = source.commit();
        jdbc.sql("""
                insert into deployment (id, service_id, project_id, trigger, status, status_since, branch, commit_hash,
                    commit_message, commit_author, rollback_of, spec, release_id, origin, created_at, updated_at)
                values (:id, :service, :project, :trigger, :status, :now, :branch, :hash, :message, :author, :rollbackOf,
                    :spec, :release, :origin, :now, :now)""")
                .param("id", id.value())
                .param("service", spec.service().value())
                .param("project", spec.project().value())
                .param("trigger", trigger.name())
                .param("status", DeploymentStatus.PENDING.name())
                .param("branch", source.branch())
                .param("hash", commit == null ? null : commit.hash())
                .param("message", commit == null ? null : commit.message())
                .param("author", commit == null ? null : commit.author())
                .param(
                        "rollbackOf",
                        source.rollbackOf() == null ? null : source.rollbackOf().value())
                .param("spec", json.write(spec))
                .param(
                        "release",
                        source.release() == null ? null : source.release().value())
                .param("origin", json.write(origin))
                .param("now", Timestamp.from(now))
                .update();
    }

    /** @throws IllegalStateException if there is none */
    public Deployment get(DeploymentId id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no deployment " + id));
    }

    public Optional<Deployment> find(DeploymentId id) {
        return jdbc.sql("select * from deployment where id = :id")
                .param("id", id.value())
                .query(this::deployment)
                .optional();
    }

    /** Those that have not ended, oldest first. */
    public List<Deployment> active(ServiceId service) {
        return jdbc.sql("select * from deployment where service_id = :service and completed_at is null order by id")
                .param("service", service.value())
                .query(this::deployment)
                .list();
    }

    /** A service's, newest first. */
    public Listing<Deployment> listing() {
        return new Listing<>(jdbc, "deployment", this::deployment);
    }

    /** How the latest one ended; empty where none has. */
    public Optional<DeploymentStatus> lastOutcome(ServiceId service) {
        return jdbc.sql("""
                select status from deployment where service_id = :service and completed_at is not null
                order by id desc limit 1""")
                .param("service", service.value())
                .query(String.class)
                .optional()
                .map(DeploymentStatus::valueOf);
    }

    /**
     * Changes its status.
     *
     * @throws IllegalStateException if it may not go from where it is to there
     */
    public void become(
            DeploymentId id, DeploymentStatus next, @Nullable String reason, @Nullable Failure failure, Instant now) {
        DeploymentStatus before =
                DeploymentStatus.valueOf(jdbc.sql("select status from deployment where id = :id for update")
                        .param("id", id.value())
                        .query(String.class)
                        .single());
        if (!before.mayBecome(next)) {
            throw new IllegalStateException("deployment " + id + " cannot go from " + before + " to " + next);
        }
        jdbc.sql("""
                update deployment set status = :status, reason = :reason, error_code = :code, error = :error,
                    status_since = case when status = :status then status_since else :now end,
                    started_at = coalesce(started_at, :now), completed_at = :completed, updated_at = :now
                where id = :id""")
                .param("status", next.name())
                .param("reason", reason)
                .param("code", failure == null ? null : failure.code())
                .param("error", failure == null ? null : failure.message())
                .param("completed", next.ended() ? Timestamp.from(now) : null)
                .param("now", Timestamp.from(now))
                .param("id", id.value())
                .update();
    }

    public void explain(DeploymentId id, String reason, Instant now) {
        jdbc.sql("update deployment set reason = :reason, updated_at = :now where id = :id")
                .param("reason", reason)
                .param("now", Timestamp.from(now))
                .param("id", id.value())
                .update();
    }

    public void buildAsked(DeploymentId id, BuildId build, Instant now) {
        jdbc.sql("""
                update deployment set build_id = :build, build_state = :state, build_asked_at = :now where id = :id""")
                .param("build", build.value())
                .param("state", BuildState.ASKED.name())
                .param("now", Timestamp.from(now))
                .param("id", id.value())
                .update();
    }

    public void released(DeploymentId id, ReleaseId release) {
        jdbc.sql("update deployment set release_id = :release where id = :id")
                .param("release", release.value())
                .param("id", id.value())
                .update();
    }

    /** Adds to how long its parts took. */
    public void addPhases(DeploymentId id, Map<String, Duration> phases) {
        Phases all = get(id).phases().plus(phases);
        jdbc.sql("update deployment set phases = :phases where id = :id")
                .param("phases", json.write(all))
                .param("id", id.value())
                .update();
    }

    public void deleteAll(ServiceId service) {
        jdbc.sql("delete from deployment where service_id = :service")
                .param("service", service.value())
                .update();
    }

    private Deployment deployment(ResultSet row, int index) throws SQLException {
        return new Deployment(
                Rows.id(row, "id", DeploymentId::new),
                Rows.id(row, "service_id", ServiceId::new),
                Rows.id(row, "project_id", ProjectId::new),
                Trigger.valueOf(row.getString("trigger")),
                DeploymentStatus.valueOf(row.getString("status")),
                Rows.instant(row, "status_since"),
                row.getString("reason"),
                failure(row, "error_code", "error"),
                row.getString("branch"),
                row.getString("commit_hash"),
                row.getString("commit_message"),
                row.getString("commit_author"),
                Rows.idOrNull(row, "rollback_of", DeploymentId::new),
                json.read(row.getString("spec"), ServiceSpec.class),
                build(row),
                Rows.idOrNull(row, "release_id", ReleaseId::new),
                json.read(row.getString("phases"), Phases.class),
                json.read(row.getString("origin"), Origin.class),
                Rows.instant(row, "created_at"),
                Rows.instantOrNull(row, "started_at"),
                Rows.instantOrNull(row, "completed_at"),
                Rows.instant(row, "updated_at"));
    }

    private Deployment.Build build(ResultSet row) throws SQLException {
        String image = row.getString("image");
        return new Deployment.Build(
                BuildState.valueOf(row.getString("build_state")),
                Rows.idOrNull(row, "build_id", BuildId::new),
                Rows.instantOrNull(row, "build_asked_at"),
                image == null ? null : json.read(image, PreparedImage.class),
                failure(row, "build_error_code", "build_error"));
    }

    private static @Nullable Failure failure(ResultSet row, String code, String message) throws SQLException {
        String value = row.getString(code);
        return value == null ? null : new Failure(value, row.getString(message));
    }
}

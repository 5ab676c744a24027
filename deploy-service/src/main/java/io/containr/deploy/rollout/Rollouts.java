package io.containr.deploy.rollout;

import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.route.Targets;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stored rollouts; the lock of a row orders everything that is done to its service. */
@Repository
class Rollouts {

    private final JdbcClient jdbc;
    private final Json json;

    Rollouts(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Makes the row where there is none, and locks it until the transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Rollout open(ServiceSpec spec) {
        jdbc.sql("""
                insert into rollout (service_id, project_id, restarts_seen) values (:service, :project, :restarts)
                on conflict do nothing""")
                .param("service", spec.service().value())
                .param("project", spec.project().value())
                .param("restarts", spec.restarts())
                .update();
        return lock(spec.service()).orElseThrow();
    }

    /** Locks the row until the transaction ends; empty where the service was never deployed. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Rollout> lock(ServiceId service) {
        return jdbc.sql("select * from rollout where service_id = :service for no key update")
                .param("service", service.value())
                .query(this::rollout)
                .optional();
    }

    Optional<Rollout> find(ServiceId service) {
        return jdbc.sql("select * from rollout where service_id = :service")
                .param("service", service.value())
                .query(this::rollout)
                .optional();
    }

    boolean exists(ServiceId service) {
        return jdbc.sql("select count(*) from rollout where service_id = :service")
                        .param("service", service.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    long raiseGeneration(ServiceId service) {
        return jdbc.sql("""
                update rollout set generation = generation + 1 where service_id = :service returning generation""").param("service", service.value()).query(Long.class).single();
    }

    /** @param replicas how many instances it has */
    void serve(ServiceId service, DeploymentId deployment, ReleaseId release, int replicas) {
        jdbc.sql("""
                update rollout set current_deployment = :deployment, current_release = :release, replicas = :replicas,
                    replacements = 0, replaced_at = null, route_deployment = null where service_id = :service""")
                .param("deployment", deployment.value())
                .param("release", release.value())
                .param("replicas", replicas)
                .param("service", service.value())
                .update();
    }

    void sawRestarts(ServiceId service, long restarts) {
        jdbc.sql("update rollout set restarts_seen = :restarts where service_id = :service")
                .param("restarts", restarts)
                .param("service", service.value())
                .update();
    }

    /** It is no longer at rest: from now on what serves is kept serving. */
    void resume(ServiceId service) {
        jdbc.sql("update rollout set stopped = false where service_id = :service")
                .param("service", service.value())
                .update();
    }

    void stop(ServiceId service, long restartsSeen) {
        jdbc.sql("update rollout set stopped = true, restarts_seen = :restarts where service_id = :service")
                .param("restarts", restartsSeen)
                .param("service", service.value())
                .update();
    }

    void scaled(ServiceId service, int replicas) {
        jdbc.sql("update rollout set replicas = :replicas where service_id = :service")
                .param("replicas", replicas)
                .param("service", service.value())
                .update();
    }

    void replaced(ServiceId service, int replacements, Instant now) {
        jdbc.sql("update rollout set replacements = :count, replaced_at = :now where service_id = :service")
                .param("count", replacements)
                .param("now", Timestamp.from(now))
                .param("service", service.value())
                .update();
    }

    /** Returns the new generation of the route. */
    long publish(ServiceId service, List<Target> targets, @Nullable DeploymentId owner, Instant now) {
        return jdbc.sql("""
                update rollout set route_generation = nextval('route_generation'), route_targets = :targets,
                    route_deployment = :owner, route_published_at = :now
                where service_id = :service returning route_generation""")
                .param("targets", json.write(new Targets(targets)))
                .param("owner", owner == null ? null : owner.value())
                .param("now", Timestamp.from(now))
                .param("service", service.value())
                .query(Long.class)
                .single();
    }

    void withdrawRoute(ServiceId service) {
        jdbc.sql("""
                update rollout set route_generation = 0, route_targets = '[]', route_deployment = null
                where service_id = :service""").param("service", service.value()).update();
    }

    void announced(ServiceId service, ServiceState state) {
        jdbc.sql("update rollout set state = :state where service_id = :service")
                .param("state", state.name())
                .param("service", service.value())
                .update();
    }

    void rememberWish(ServiceId service, Origin origin) {
        jdbc.sql("update rollout set wish_origin = :origin, settled = false where service_id = :service")
                .param("origin", json.write(origin))
                .param("service", service.value())
                .update();
    }

    void settled(ServiceId service, boolean settled) {
        jdbc.sql("update rollout set settled = :settled where service_id = :service and settled <> :settled")
                .param("settled", settled)
                .param("service", service.value())
                .update();
    }

    List<ServiceId> unsettled() {
        return jdbc.sql("select service_id from rollout where not settled").query(UUID.class).list().stream()
                .map(ServiceId::new)
                .toList();
    }

    void delete(ServiceId service) {
        jdbc.sql("delete from rollout where service_id = :service")
                .param("service", service.value())
                .update();
    }

    private Rollout rollout(ResultSet row, int index) throws SQLException {
        DeploymentId deployment = Rows.idOrNull(row, "current_deployment", DeploymentId::new);
        ReleaseId release = Rows.idOrNull(row, "current_release", ReleaseId::new);
        String state = row.getString("state");
        String origin = row.getString("wish_origin");
        return new Rollout(
                Rows.id(row, "service_id", ServiceId::new),
                Rows.id(row, "project_id", ProjectId::new),
                row.getLong("generation"),
                deployment == null || release == null ? null : new Rollout.Serving(deployment, release),
                row.getLong("restarts_seen"),
                row.getBoolean("stopped"),
                row.getInt("replicas"),
                row.getInt("replacements"),
                Rows.instantOrNull(row, "replaced_at"),
                new Rollout.PublishedRoute(
                        row.getLong("route_generation"),
                        json.read(row.getString("route_targets"), Targets.class).list(),
                        Rows.idOrNull(row, "route_deployment", DeploymentId::new),
                        Rows.instantOrNull(row, "route_published_at")),
                state == null ? null : ServiceState.valueOf(state),
                origin == null ? null : json.read(origin, Origin.class));
    }
}

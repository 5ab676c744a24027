package io.containr.deploy.instance;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.deployment.Phases;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored instances: those that are wanted, and those whose removal is not confirmed. */
@Repository
public class Instances {

    private final JdbcClient jdbc;
    private final Json json;

    Instances(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    public void add(InstanceSpec spec, Instant now) {
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, created_at, state, state_at)
                values (:id, :service, :project, :deployment, :generation, :now, :state, :now)""")
                .param("id", spec.instance().value())
                .param("service", spec.service().value())
                .param("project", spec.project().value())
                .param("deployment", spec.deployment().value())
                .param("generation", spec.generation())
                .param("state", InstanceState.PLANNED.name())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Oldest first. */
    public List<Instance> of(ServiceId service) {
        return jdbc.sql("select * from instance where service_id = :service order by id")
                .param("service", service.value())
                .query(this::instance)
                .list();
    }

    public void markRouted(Collection<InstanceId> ids) {
        jdbc.sql("update instance set routed = true where id = any (:ids)")
                .param("ids", values(ids))
                .update();
    }

    public void markUnwanted(Collection<InstanceId> ids, Instant now) {
        jdbc.sql("update instance set wanted = false, removal_at = :now where id = any (:ids)")
                .param("now", Timestamp.from(now))
                .param("ids", values(ids))
                .update();
    }

    private static UUID[] values(Collection<InstanceId> ids) {
        return ids.stream().map(InstanceId::value).toArray(UUID[]::new);
    }

    private Instance instance(ResultSet row, int index) throws SQLException {
        String errorCode = row.getString("error_code");
        return new Instance(
                Rows.id(row, "id", InstanceId::new),
                Rows.id(row, "service_id", ServiceId::new),
                Rows.id(row, "deployment_id", DeploymentId::new),
                row.getLong("generation"),
                row.getBoolean("wanted"),
                Rows.instant(row, "created_at"),
                row.getBoolean("routed"),
                row.getBoolean("leaving"),
                Rows.instantOrNull(row, "removal_at"),
                InstanceState.valueOf(row.getString("state")),
                Rows.instant(row, "state_at"),
                row.getString("address"),
                port(row),
                errorCode == null ? null : new Failure(errorCode, row.getString("error")),
                json.read(row.getString("last_lines"), Lines.class).lines(),
                row.getString("last_exit"),
                json.read(row.getString("phases"), Phases.class));
    }

    private static @Nullable Integer port(ResultSet row) throws SQLException {
        int port = row.getInt("port");
        return row.wasNull() ? null : port;
    }
}

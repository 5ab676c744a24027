package io.containr.agent.instance;

import io.containr.agent.proxmox.Upid;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Rows of the table {@code instance} as {@link Instance}s. */
final class InstanceRows implements RowMapper<Instance> {

    private final MessageCodec codec;

    InstanceRows(MessageCodec codec) {
        this.codec = codec;
    }

    String write(InstanceSpec spec) {
        return new String(codec.write(spec), StandardCharsets.UTF_8);
    }

    @Override
    public Instance mapRow(ResultSet row, int number) throws SQLException {
        String json = row.getString("spec");
        InstanceSpec spec = json == null ? null : codec.read(json.getBytes(StandardCharsets.UTF_8), InstanceSpec.class);
        AgentEvent.Instance identity = new AgentEvent.Instance(
                new InstanceId(row.getObject("id", UUID.class)),
                new ServiceId(row.getObject("service_id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                new DeploymentId(row.getObject("deployment_id", UUID.class)),
                row.getLong("generation"));
        Integer vmid = row.getObject("vmid", Integer.class);
        String resize = row.getString("resize");
        return new Instance(
                identity,
                spec,
                desired(row, spec),
                new Instance.Progress(
                        Phase.valueOf(row.getString("phase")),
                        Objects.requireNonNull(instant(row, "phase_since")),
                        row.getInt("attempts"),
                        instant(row, "attempted_at"),
                        row.getString("last_error"),
                        task(row),
                        resize == null ? null : Instance.Resize.valueOf(resize)),
                new Instance.Location(row.getString("node"), vmid, row.getString("address")),
                new Instance.Milestones(
                        instant(row, "placed_at"),
                        instant(row, "pulled_at"),
                        instant(row, "configured_at"),
                        instant(row, "started_at"),
                        instant(row, "healthy_at")),
                new Origin(
                        row.getObject("correlation_id", UUID.class),
                        row.getObject("causation_id", UUID.class),
                        row.getString("actor_id"),
                        row.getString("actor_email"),
                        null,
                        null));
    }

    private static Desired desired(ResultSet row, @Nullable InstanceSpec spec) throws SQLException {
        Instant drainUntil = instant(row, "drain_until");
        if (row.getString("desired").equals("REMOVED") && drainUntil != null) {
            return new Desired.Removed(drainUntil, Duration.ofMillis(row.getLong("stop_grace_ms")));
        }
        HealthCheck check = spec == null ? null : spec.healthCheck();
        return new Desired.Running(
                (check == null ? HealthCheck.DEFAULT : check).timeout(),
                spec == null ? Duration.ZERO : spec.stopGrace(),
                spec != null && spec.runsOnce());
    }

    private static @Nullable PendingTask task(ResultSet row) throws SQLException {
        String kind = row.getString("task");
        Instant since = instant(row, "task_since");
        if (kind == null || since == null) {
            return null;
        }
        String upid = row.getString("task_upid");
        return new PendingTask(PendingTask.Kind.valueOf(kind), upid == null ? null : new Upid(upid), since);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}

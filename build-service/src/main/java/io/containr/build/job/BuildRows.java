package io.containr.build.job;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.Origin;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Reads a row of the table {@code build}. */
final class BuildRows implements RowMapper<Build> {

    private final MessageCodec codec;

    BuildRows(MessageCodec codec) {
        this.codec = codec;
    }

    @Override
    public Build mapRow(ResultSet row, int number) throws SQLException {
        String phase = row.getString("phase");
        String failureCode = row.getString("failure_code");
        return new Build(
                new BuildId(row.getObject("id", UUID.class)),
                id(row, "service_id", ServiceId::new),
                new ProjectId(row.getObject("project_id", UUID.class)),
                new UserId(row.getObject("owner_id", UUID.class)),
                id(row, "deployment_id", DeploymentId::new),
                BuildStatus.valueOf(row.getString("status")),
                phase == null ? null : BuildPhase.valueOf(phase),
                row.getInt("attempts"),
                json(row.getString("request"), BuildRequest.class),
                row.getString("image_name"),
                row.getString("image_tag"),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                row.getString("cancel_reason"),
                failureCode == null ? null : new Failure(failureCode, row.getString("failure_message")),
                optional(row.getString("image"), PreparedImage.class),
                optional(row.getString("source_commit"), Commit.class),
                phases(row.getString("phases")),
                json(row.getString("origin"), Origin.class));
    }

    private Map<String, Duration> phases(String json) {
        Map<String, Duration> phases = new TreeMap<>();
        json(json, Map.class).forEach((name, value) -> phases.put((String) name, Duration.parse((String) value)));
        return phases;
    }

    private static <T> @Nullable T id(ResultSet row, String column, Function<UUID, T> type) throws SQLException {
        UUID value = row.getObject(column, UUID.class);
        return value == null ? null : type.apply(value);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private <T> @Nullable T optional(@Nullable String json, Class<T> type) {
        return json == null ? null : json(json, type);
    }

    private <T> T json(String json, Class<T> type) {
        return codec.read(json.getBytes(StandardCharsets.UTF_8), type);
    }
}

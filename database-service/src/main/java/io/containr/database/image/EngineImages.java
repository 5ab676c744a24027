package io.containr.database.image;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.database.DatabaseProperties;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.rows.Json;
import io.containr.runtime.rows.Rows;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has build-service prepare engines' images: once for all databases that are made of one, and anew where the last time is too long
 * ago, since a tag gets patches. What a database was made of stays its own.
 */
@Component
public class EngineImages {

    /** Nobody's: no user sees these builds among their own. */
    private static final UserId PLATFORM = new UserId(new UUID(0, 0));

    private final JdbcClient jdbc;
    private final Json json;
    private final Outbox outbox;
    private final DatabaseProperties.Images settings;
    private final Clock clock;

    EngineImages(JdbcClient jdbc, Json json, Outbox outbox, DatabaseProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.outbox = outbox;
        this.settings = properties.images();
        this.clock = clock;
    }

    public Optional<EngineImage> find(String reference) {
        return jdbc.sql("select * from engine_image where reference = :reference")
                .param("reference", reference)
                .query(this::image)
                .optional();
    }

    /** Whether a new database should not be made of it without another look. */
    public boolean isDue(EngineImage image, Instant now) {
        return switch (image.state()) {
            case READY ->
                image.endedAt() == null
                        || image.endedAt().plus(settings.freshFor()).isBefore(now);
            case PREPARING -> image.requestedAt().plus(settings.preparation()).isBefore(now);
            case FAILED -> false;
        };
    }

    /** Asks for its preparation, in the current transaction; of several that ask at once, one does. */
    public void request(String reference) {
        BuildId build = new BuildId(Ids.next());
        Instant now = clock.instant();
        int asked = jdbc.sql("""
                insert into engine_image (reference, build_id, state, requested_at)
                values (:reference, :build, 'PREPARING', :now)
                on conflict (reference) do update
                set build_id = excluded.build_id, state = 'PREPARING', requested_at = excluded.requested_at,
                    failure_code = null, failure_message = null
                where engine_image.state <> 'PREPARING' or engine_image.requested_at < :stale""")
                .param("reference", reference)
                .param("build", build.value())
                .param("now", Timestamp.from(now))
                .param("stale", Timestamp.from(now.minus(settings.preparation())))
                .update();
        if (asked == 1) {
            ServiceId service = serviceOf(reference);
            outbox.append(
                    new StartBuild(
                            build,
                            null,
                            service,
                            new ProjectId(service.value()),
                            PLATFORM,
                            new ServiceSource(ServiceSource.Type.IMAGE, null, null, null, null, reference),
                            new BuildSettings(null, null, null, Map.of()),
                            null,
                            null,
                            Map.of(),
                            null,
                            ServiceKind.DATABASE),
                    service);
        }
    }

    /** Under what build-service keeps an image: the same for the same reference, whoever asks. */
    private static ServiceId serviceOf(String reference) {
        return new ServiceId(
                UUID.nameUUIDFromBytes(("containr/engine-image/" + reference).getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the reference whose build it was; empty for a build of somebody else's, or one that was given up. */
    public Optional<String> ended(BuildEvent event) {
        return switch (event) {
            case BuildSucceeded succeeded -> end(succeeded.build(), EngineImage.State.READY, succeeded.image(), null);
            case BuildFailed failed -> end(failed.build(), EngineImage.State.FAILED, null, failed.failure());
            case BuildCancelled cancelled ->
                end(
                        cancelled.build(),
                        EngineImage.State.FAILED,
                        null,
                        new Failure("BUILD_CANCELLED", "The preparation was cancelled"));
            case BuildEvent.BuildStarted started -> Optional.empty();
        };
    }

    private Optional<String> end(
            BuildId build, EngineImage.State state, @Nullable PreparedImage image, @Nullable Failure failure) {
        return jdbc.sql("""
                update engine_image set state = :state, image = coalesce(:image, image), ended_at = :now,
                    failure_code = :code, failure_message = :message
                where build_id = :build returning reference""")
                .param("state", state.name())
                .param("image", json.writeIfPresent(image))
                .param("now", Timestamp.from(clock.instant()))
                .param("code", failure == null ? null : failure.code())
                .param("message", failure == null ? null : failure.message())
                .param("build", build.value())
                .query(String.class)
                .optional();
    }

    private EngineImage image(ResultSet row, int index) throws SQLException {
        String image = row.getString("image");
        String code = row.getString("failure_code");
        return new EngineImage(
                row.getString("reference"),
                Rows.id(row, "build_id", BuildId::new),
                EngineImage.State.valueOf(row.getString("state")),
                image == null ? null : json.read(image, PreparedImage.class),
                code == null ? null : new Failure(code, row.getString("failure_message")),
                Rows.instant(row, "requested_at"),
                Rows.instantOrNull(row, "ended_at"));
    }
}

package io.containr.database.image;

import io.containr.contracts.Failure;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An engine's image, and how far its preparation has come.
 *
 * @param image the last one that was prepared, also while a newer one is
 * @param endedAt when the last preparation ended
 */
public record EngineImage(
        String reference,
        BuildId build,
        State state,
        @Nullable PreparedImage image,
        @Nullable Failure failure,
        Instant requestedAt,
        @Nullable Instant endedAt) {

    /** How far its preparation has come. */
    public enum State {
        PREPARING,
        READY,
        FAILED
    }
}

package io.containr.runtime.messaging;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf and in which course of events something happens; travels with every message.
 *
 * @param correlationId the same for everything that follows from one request
 * @param causationId the message that led to this, null at the start
 * @param actorId user id, null where the system acts by itself
 */
public record Origin(
        UUID correlationId,
        @Nullable UUID causationId,
        @Nullable String actorId,
        @Nullable String actorEmail,
        @Nullable String sourceIp,
        @Nullable String userAgent) {

    /** The system itself, at the start of something. */
    public static Origin system(UUID correlationId) {
        return new Origin(correlationId, null, null, null, null, null);
    }

    /** The same course of events, one message on. */
    public Origin causedBy(UUID messageId) {
        return new Origin(correlationId, messageId, actorId, actorEmail, sourceIp, userAgent);
    }
}

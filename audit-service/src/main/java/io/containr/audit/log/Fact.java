package io.containr.audit.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as an entry says it.
 *
 * @param id of the message that told it; a second fact of that id is ignored
 * @param type the message's type
 * @param userId who did it, null where the system acted by itself
 * @param resource kind of what it happened to, such as {@code service}; at most 200 characters, as all of these words
 * @param projectId the project that belongs to, null where it belongs to none
 * @param projectOwner who owns that project, where the message says so
 * @param details JSON without secrets
 */
public record Fact(
        UUID id,
        String type,
        Instant occurredAt,
        @Nullable String userId,
        @Nullable String userEmail,
        String resource,
        String resourceId,
        String action,
        @Nullable UUID projectId,
        @Nullable UUID projectOwner,
        String details,
        @Nullable String ipAddress,
        @Nullable String userAgent) {

    private static final int LONGEST_WORD = 200;

    public Fact {
        occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
        resource = cut(resource);
        resourceId = cut(resourceId);
        action = cut(action);
    }

    private static String cut(String word) {
        return word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD);
    }
}

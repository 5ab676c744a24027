package io.containr.database.wal;

import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of one volume from one moment on, without a gap.
 *
 * @param firstSegment that was ever stored
 * @param nextSegment the first that is not stored yet
 * @param coveredUntil every commit up to then is stored, and a later one; by the engine's clock
 * @param quietSnapshot what the engine shows as long as nothing was committed since; null: something was
 * @param quietUntil until when it showed that
 * @param ended whether it goes on no more
 */
record WalArchive(
        UUID id,
        DatabaseId database,
        ServiceId volume,
        long timeline,
        long segmentBytes,
        long firstSegment,
        long nextSegment,
        Instant begunAt,
        @Nullable Instant coveredUntil,
        @Nullable String quietSnapshot,
        @Nullable Instant quietUntil,
        boolean ended) {

    private static final long LOG_BYTES = 1L << 32;
    private static final String SLOTS = "containr_";

    /** By which the engine keeps what is not stored yet. */
    String slot() {
        return slot(id);
    }

    static String slot(UUID id) {
        return SLOTS + id.toString().replace("-", "_");
    }

    /** As PostgreSQL calls a segment. */
    String name(long segment) {
        long perLog = LOG_BYTES / segmentBytes;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perLog, segment % perLog);
    }

    /** Up to when it leads. */
    @Nullable
    Instant latest() {
        return quietUntil != null && coveredUntil != null && quietUntil.isAfter(coveredUntil)
                ? quietUntil
                : coveredUntil;
    }
}

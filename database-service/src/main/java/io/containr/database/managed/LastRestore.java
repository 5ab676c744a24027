package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The last time that a database was to go back to a backup of its own.
 *
 * @param target the moment it was to go back to; null: that of the backup
 * @param failure why it stayed as it was, where it did
 * @param endedAt null while it goes back
 */
public record LastRestore(
        BackupId backup,
        @Nullable Instant target,
        Status status,
        @Nullable Failure failure,
        Instant startedAt,
        @Nullable Instant endedAt) {

    /** What came of it. */
    public enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED;

        /** As the API says it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package io.containr.database.backup;

import io.containr.contracts.Failure;
import io.containr.contracts.Sealed;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.catalogue.Plan;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backup of a database.
 *
 * @param volume that was backed up
 * @param origin the database as it was
 * @param failure why there is none
 * @param canary what a drill must find again, null where nothing was written
 * @param proof of whether it can be restored
 */
public record DatabaseBackup(
        BackupId id,
        DatabaseId database,
        UserId owner,
        @Nullable ProjectId project,
        ServiceId volume,
        Trigger trigger,
        Status status,
        @Nullable Failure failure,
        Origin origin,
        @Nullable String canary,
        @Nullable Long sizeBytes,
        Instant createdAt,
        @Nullable Instant completedAt,
        Proof proof) {

    /** What a restore needs to know of the database as it was. */
    public record Origin(
            DatabaseType type,
            String version,
            Plan plan,
            PreparedImage image,
            String user,
            String database,
            Sealed password) {}

    /**
     * @param wanted whether it is proven once it is completed
     * @param verifiedAt when it was restored, started and found whole; null: not yet
     * @param failure why the last drill failed, null: it did not
     */
    public record Proof(
            boolean wanted,
            @Nullable Instant verifiedAt,
            @Nullable String failure) {}

    /** Who wanted it. */
    public enum Trigger {
        MANUAL,
        SCHEDULE
    }

    /** How far it has come. */
    public enum Status {
        IN_PROGRESS,
        COMPLETED,
        FAILED;

        /** As the API spells it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

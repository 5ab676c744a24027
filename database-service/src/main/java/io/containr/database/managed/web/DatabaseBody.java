package io.containr.database.managed.web;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Contract: Database. What is not known is not there. */
record DatabaseBody(
        String id,
        String name,
        String type,
        String status,
        @Nullable String statusReason,
        @Nullable String errorCode,
        @Nullable String connectionUrl,
        @Nullable String caCertificate,
        String version,
        String plan,
        String region,
        @Nullable String projectId,
        String privateDomain,
        List<String> allowedNetworks,
        @Nullable Resize resize,
        @Nullable Metrics metrics,
        Backups backups,
        @Nullable Pitr pitr,
        @Nullable Restore lastRestore,
        Settings settings,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * What of its plan its engine does not have yet. Not in the contract's original.
     *
     * @param status in_progress, or delayed
     */
    record Resize(
            String status,
            @Nullable String statusReason,
            @Nullable String errorCode) {}

    /** Contract: DatabaseSettings. */
    record Settings(boolean ssl) {}

    /**
     * Contract: DatabaseMetrics, with the bytes behind its percentages. Operations are counted by nobody here.
     *
     * @param cpu percent of the plan's
     * @param memory percent of the plan's
     * @param storage percent of the plan's disk
     * @param networkIn bytes a second
     */
    record Metrics(
            @Nullable Double cpu,
            @Nullable Double memory,
            @Nullable Double storage,
            @Nullable Integer connections,
            @Nullable Double networkIn,
            @Nullable Double networkOut,
            @Nullable Double diskRead,
            @Nullable Double diskWrite,
            @Nullable Long memoryBytes,
            @Nullable Long storageBytes,
            @Nullable Instant measuredAt) {}

    /** Contract: DatabaseBackupConfig. */
    record Backups(
            boolean enabled,
            @Nullable Instant lastBackup,
            int retention,
            @Nullable Instant nextBackup,
            List<Backup> backups) {}

    /**
     * What it can go back to: every moment of a window. Not in the contract's original.
     *
     * @param state of the archive of its log: archiving, failing, or idle while it does not run
     * @param earliest of the newest window
     */
    record Pitr(
            String state,
            @Nullable Instant earliest,
            @Nullable Instant latest,
            List<Window> windows,
            @Nullable String failure) {}

    /** Oldest first in a list of them. */
    record Window(Instant earliest, Instant latest) {}

    /**
     * The last time that it was to go back to a backup of its own. Not in the contract's original.
     *
     * @param status running, succeeded or failed
     */
    record Restore(
            String backupId,
            @Nullable Instant targetTime,
            String status,
            @Nullable String statusReason,
            @Nullable String errorCode,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    /** Contract: DatabaseBackup, with when it was proven, or why not, and what is known of its archive. */
    record Backup(
            String id,
            Instant createdAt,
            @Nullable String size,
            String status,
            String trigger,
            @Nullable String statusReason,
            @Nullable String errorCode,
            @Nullable Instant verifiedAt,
            @Nullable String drillFailure,
            @Nullable String checksum,
            @Nullable Instant copiedAt,
            @Nullable String archiveFailure) {}
}

package io.containr.database.managed.web;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import io.containr.database.archive.Archive;
import io.containr.database.archive.Archives;
import io.containr.database.backup.BackupSchedule;
import io.containr.database.backup.DatabaseBackup;
import io.containr.database.backup.DatabaseBackups;
import io.containr.database.managed.Adjustments;
import io.containr.database.managed.Database;
import io.containr.database.managed.LastRestore;
import io.containr.database.managed.LastRestores;
import io.containr.database.managed.ShownAccess;
import io.containr.database.wal.PointsInTime;
import io.containr.database.wal.PointsInTime.Outlook;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A database as its owner sees it. */
@Component
class DatabaseViews {

    private static final String DOMAIN = ".internal";

    private final ShownAccess access;
    private final MetricsViews metrics;
    private final DatabaseBackups backups;
    private final Archives archives;
    private final BackupSchedule schedule;
    private final PointsInTime points;
    private final LastRestores restores;
    private final Adjustments adjustments;

    DatabaseViews(
            ShownAccess access,
            MetricsViews metrics,
            DatabaseBackups backups,
            Archives archives,
            BackupSchedule schedule,
            PointsInTime points,
            LastRestores restores,
            Adjustments adjustments) {
        this.access = access;
        this.metrics = metrics;
        this.backups = backups;
        this.archives = archives;
        this.schedule = schedule;
        this.points = points;
        this.restores = restores;
        this.adjustments = adjustments;
    }

    DatabaseBody of(Database database) {
        Failure failure = database.condition().failure();
        return new DatabaseBody(
                database.id().toString(),
                database.name(),
                database.type().word(),
                database.condition().status().word(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.code(),
                access.connectionUrl(database).orElse(null),
                access.authority(database).orElse(null),
                database.version(),
                database.plan().word(),
                database.region(),
                database.project() == null ? null : database.project().toString(),
                database.privateName() + DOMAIN,
                database.allowedNetworks(),
                adjustments.pending(database).map(DatabaseViews::of).orElse(null),
                metrics.of(database),
                backups(database),
                pitr(database),
                restores.of(database.id()).map(DatabaseViews::of).orElse(null),
                new DatabaseBody.Settings(database.encrypted()),
                database.createdAt(),
                database.updatedAt());
    }

    private DatabaseBody.@Nullable Pitr pitr(Database database) {
        if (!points.areKeptFor(database.type())) {
            return null;
        }
        Outlook outlook = points.outlook(database);
        List<DatabaseBody.Window> windows = outlook.windows().stream()
                .map(window -> new DatabaseBody.Window(window.earliest(), window.latest()))
                .toList();
        String running = outlook.failure() == null ? "archiving" : "failing";
        return new DatabaseBody.Pitr(
                outlook.running() ? running : "idle",
                windows.isEmpty() ? null : windows.getLast().earliest(),
                windows.isEmpty() ? null : windows.getLast().latest(),
                windows,
                outlook.failure());
    }

    private static DatabaseBody.Resize of(Adjustments.Pending pending) {
        Failure obstacle = pending.obstacle();
        return obstacle == null
                ? new DatabaseBody.Resize("in_progress", null, null)
                : new DatabaseBody.Resize("delayed", obstacle.message(), obstacle.code());
    }

    private DatabaseBody.Backups backups(Database database) {
        List<DatabaseBackup> all = backups.of(database.id());
        Map<BackupId, Archive> files = archives.of(database.id());
        return new DatabaseBody.Backups(
                schedule.isEnabled(),
                all.stream()
                        .filter(backup -> backup.status() == DatabaseBackup.Status.COMPLETED)
                        .map(DatabaseBackup::completedAt)
                        .findFirst()
                        .orElse(null),
                schedule.retention(),
                schedule.next(database.id()).orElse(null),
                all.stream().map(backup -> of(backup, files.get(backup.id()))).toList());
    }

    private static DatabaseBody.Restore of(LastRestore restore) {
        Failure failure = restore.failure();
        return new DatabaseBody.Restore(
                restore.backup().toString(),
                restore.target(),
                restore.status().word(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.code(),
                restore.startedAt(),
                restore.endedAt());
    }

    private static DatabaseBody.Backup of(DatabaseBackup backup, @Nullable Archive archive) {
        Failure failure = backup.failure();
        Long size = backup.sizeBytes();
        return new DatabaseBody.Backup(
                backup.id().toString(),
                backup.createdAt(),
                size == null ? null : size + " B",
                backup.status().word(),
                backup.trigger().name().toLowerCase(Locale.ROOT),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.code(),
                backup.proof().verifiedAt(),
                backup.proof().failure(),
                archive == null || archive.checksum() == null ? null : "sha256:" + archive.checksum(),
                archive == null ? null : archive.copiedAt(),
                archive == null ? null : archive.failure());
    }
}

package io.containr.database.managed.web;

import io.containr.contracts.Failure;
import io.containr.database.backup.BackupSchedule;
import io.containr.database.backup.DatabaseBackup;
import io.containr.database.backup.DatabaseBackups;
import io.containr.database.managed.Database;
import io.containr.database.managed.ShownAccess;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** A database as its owner sees it. */
@Component
class DatabaseViews {

    private static final String DOMAIN = ".internal";

    private final ShownAccess access;
    private final MetricsViews metrics;
    private final DatabaseBackups backups;
    private final BackupSchedule schedule;

    DatabaseViews(ShownAccess access, MetricsViews metrics, DatabaseBackups backups, BackupSchedule schedule) {
        this.access = access;
        this.metrics = metrics;
        this.backups = backups;
        this.schedule = schedule;
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
                metrics.of(database),
                backups(database),
                new DatabaseBody.Settings(database.encrypted()),
                database.createdAt(),
                database.updatedAt());
    }

    private DatabaseBody.Backups backups(Database database) {
        List<DatabaseBackup> all = backups.of(database.id());
        return new DatabaseBody.Backups(
                schedule.isEnabled(),
                all.stream()
                        .filter(backup -> backup.status() == DatabaseBackup.Status.COMPLETED)
                        .map(DatabaseBackup::completedAt)
                        .findFirst()
                        .orElse(null),
                schedule.retention(),
                schedule.next(database.id()).orElse(null),
                all.stream().map(DatabaseViews::of).toList());
    }

    private static DatabaseBody.Backup of(DatabaseBackup backup) {
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
                backup.proof().failure());
    }
}

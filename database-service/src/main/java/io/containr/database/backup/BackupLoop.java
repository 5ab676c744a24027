package io.containr.database.backup;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeEvent.BackupDeleted;
import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.agent.VolumeEvent.VolumeBackupFailed;
import io.containr.contracts.database.DatabaseEvent.BackupCompleted;
import io.containr.contracts.database.DatabaseEvent.BackupFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseDeleted;
import io.containr.contracts.ids.BackupId;
import io.containr.database.DatabaseProperties;
import io.containr.database.archive.ArchiveLoop;
import io.containr.database.backup.DatabaseBackup.Status;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.EngineException;
import io.containr.database.managed.Database;
import io.containr.database.managed.ManagedDatabases;
import io.containr.database.managed.Recoveries;
import io.containr.database.wal.PointsInTime;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * A backup from its request to its end: rows are written by which it is recognised, the agent is told, and its answer is noted. Where
 * that is wanted a completed one is proven by a drill; the oldest beyond the retention go.
 */
@Component
public class BackupLoop implements MessageSubscription.Part {

    private static final Logger log = LoggerFactory.getLogger(BackupLoop.class);

    private final DatabaseBackups backups;
    private final ManagedDatabases databases;
    private final Recoveries recoveries;
    private final EngineClients clients;
    private final PointsInTime points;
    private final ArchiveLoop archives;
    private final Outbox outbox;
    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final DatabaseProperties.Backups settings;
    private final Clock clock;

    BackupLoop(
            DatabaseBackups backups,
            ManagedDatabases databases,
            Recoveries recoveries,
            EngineClients clients,
            PointsInTime points,
            ArchiveLoop archives,
            Outbox outbox,
            JdbcClient jdbc,
            TransactionOperations transaction,
            DatabaseProperties properties,
            Clock clock) {
        this.backups = backups;
        this.databases = databases;
        this.recoveries = recoveries;
        this.clients = clients;
        this.points = points;
        this.archives = archives;
        this.outbox = outbox;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.settings = properties.backups();
        this.clock = clock;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(VolumeBackedUp.class, (event, meta) -> taken(event))
                .on(VolumeBackupFailed.class, (event, meta) -> failed(event.backup(), event.failure()))
                .on(BackupDeleted.class, (event, meta) -> deleted(event.backup()))
                .on(
                        DatabaseDeleted.class,
                        (event, meta) -> backups.expireAll(
                                event.database(), clock.instant().plus(settings.keptAfterDeletion())));
    }

    /** Tells the agent; repeated after a crash, it marks the database once more, which changes nothing that was told. */
    Next look(Work work) {
        Optional<DatabaseBackup> found = backups.find(BackupId.of(work.key()));
        if (found.isEmpty()
                || found.get().status() != Status.IN_PROGRESS
                || isCommanded(found.get().id())) {
            return Next.done();
        }
        DatabaseBackup backup = found.get();
        Optional<Database> database = databases.find(backup.database());
        String canary = database.map(this::mark).orElse(null);
        Optional<PointsInTime.Beginning> beginning = database.filter(
                        present -> present.volume().equals(backup.volume()))
                .flatMap(present -> databases.target(present).flatMap(target -> points.beginning(present, target)));
        transaction.executeWithoutResult(status -> {
            beginning.ifPresent(segment -> points.begins(backup.id(), segment));
            jdbc.sql("update database_backup set canary = :canary, commanded = true where id = :id and not commanded")
                    .param("canary", canary)
                    .param("id", backup.id().value())
                    .update();
            outbox.append(new BackUpVolume(backup.id(), backup.volume()), backup.volume());
        });
        return Next.done();
    }

    private boolean isCommanded(BackupId id) {
        return jdbc.sql("select commanded from database_backup where id = :id")
                .param("id", id.value())
                .query(Boolean.class)
                .single();
    }

    /** An engine that is down is backed up as it lies there; its drill then asks for an answer alone. */
    private @Nullable String mark(Database database) {
        return databases
                .target(database)
                .map(target -> {
                    try {
                        return clients.of(database.type())
                                .mark(target, "m" + Long.toString(clock.millis(), Character.MAX_RADIX));
                    } catch (EngineException e) {
                        log.warn("Database {} is backed up without a mark: {}", database.id(), e.getMessage());
                        return null;
                    }
                })
                .orElse(null);
    }

    private void taken(VolumeBackedUp event) {
        if (!backups.complete(event)) {
            return;
        }
        DatabaseBackup backup = backups.find(event.backup()).orElseThrow();
        points.taken(backup.id(), backup.database());
        archives.taken(event, backup.database());
        outbox.append(
                new BackupCompleted(
                        backup.id(), backup.database(), backup.owner(), backup.project(), event.sizeBytes()),
                backup.database());
        backups.superfluous(backup.database(), settings.retention()).forEach(this::letGo);
        if (backup.proof().wanted()) {
            databases
                    .find(backup.database())
                    .ifPresent(database -> recoveries.drill(BackupCatalog.source(backup, database.region())));
        }
    }

    private void deleted(BackupId id) {
        backups.delete(id);
        archives.deleted(id);
    }

    private void failed(BackupId id, Failure failure) {
        if (backups.fail(id, failure, clock.instant())) {
            DatabaseBackup backup = backups.find(id).orElseThrow();
            outbox.append(
                    new BackupFailed(backup.id(), backup.database(), backup.owner(), backup.project(), failure),
                    backup.database());
        }
    }

    /** In the current transaction. */
    void letGo(DatabaseBackup backup) {
        backups.letGo(backup.id());
        outbox.append(new DeleteBackup(backup.id(), backup.volume()), backup.volume());
    }

    /** In the current transaction; what is left of it goes too. */
    void giveUp(DatabaseBackup backup) {
        failed(backup.id(), new Failure("BACKUP_TIMEOUT", "Nothing was heard of it for " + settings.patience()));
        outbox.append(new DeleteBackup(backup.id(), backup.volume()), backup.volume());
    }
}

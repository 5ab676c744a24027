package io.containr.database.backup;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.DatabaseProperties;
import io.containr.database.backup.DatabaseBackup.Trigger;
import io.containr.database.managed.Database;
import io.containr.database.managed.DatabaseStatus;
import io.containr.database.managed.ManagedDatabases;
import io.containr.runtime.rows.Rows;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Begins backups when they are due, each database a little after the time of the schedule so that not all come at once, and looks after
 * what is late or expired. One that was missed is made up once.
 */
@Component
public class BackupSchedule {

    private final DatabaseBackups backups;
    private final BackupCatalog catalog;
    private final BackupLoop loop;
    private final ManagedDatabases databases;
    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final DatabaseProperties.Backups settings;
    private final ExecutionTime times;
    private final Clock clock;

    BackupSchedule(
            DatabaseBackups backups,
            BackupCatalog catalog,
            BackupLoop loop,
            ManagedDatabases databases,
            JdbcClient jdbc,
            TransactionOperations transaction,
            DatabaseProperties properties,
            Clock clock) {
        this.backups = backups;
        this.catalog = catalog;
        this.loop = loop;
        this.databases = databases;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.settings = properties.backups();
        this.times = ExecutionTime.forCron(
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(settings.schedule()));
        this.clock = clock;
    }

    public boolean isEnabled() {
        return settings.enabled();
    }

    public int retention() {
        return settings.retention();
    }

    /** When the next one is due; empty where none is. */
    public Optional<Instant> next(DatabaseId database) {
        return jdbc.sql("select next_at from backup_schedule where database_id = :id")
                .param("id", database.value())
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant);
    }

    @Scheduled(fixedDelayString = "${containr.database.backups.look:30s}")
    void look() {
        Instant now = clock.instant();
        if (settings.enabled()) {
            databases.all().forEach(database -> transaction.executeWithoutResult(status -> look(database.id(), now)));
        }
        transaction.executeWithoutResult(status -> {
            backups.expired(now).forEach(loop::letGo);
            backups.inProgressSince(now.minus(settings.patience())).forEach(loop::giveUp);
        });
    }

    private void look(DatabaseId id, Instant now) {
        Optional<Database> found = databases.lock(id);
        if (found.isEmpty()) {
            return;
        }
        Database database = found.get();
        Optional<Instant> next = next(id);
        if (next.isPresent() && (next.get().isAfter(now) || !canBegin(database))) {
            return;
        }
        if (next.isPresent()) {
            catalog.begin(database, Trigger.SCHEDULE, settings.drills());
        }
        after(now, id).ifPresent(time -> plan(id, time));
    }

    /** What cannot be backed up now is looked at again soon. */
    private boolean canBegin(Database database) {
        return database.image() != null
                && database.recovery() == null
                && database.condition().status() != DatabaseStatus.BUILDING
                && !backups.isInProgress(database.id());
    }

    private Optional<Instant> after(Instant now, DatabaseId id) {
        long offset = Math.floorMod(
                id.value().getLeastSignificantBits(),
                Math.max(1, settings.spread().toMillis()));
        return times.nextExecution(now.atZone(ZoneOffset.UTC))
                .map(time -> time.toInstant().plusMillis(offset));
    }

    private void plan(DatabaseId id, Instant time) {
        jdbc.sql("""
                insert into backup_schedule (database_id, next_at) values (:id, :time)
                on conflict (database_id) do update set next_at = excluded.next_at""")
                .param("id", id.value())
                .param("time", Rows.timestamp(time))
                .update();
    }
}

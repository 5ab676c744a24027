package io.containr.database.backup;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.backup.DatabaseBackup.Origin;
import io.containr.database.backup.DatabaseBackup.Proof;
import io.containr.database.backup.DatabaseBackup.Status;
import io.containr.database.backup.DatabaseBackup.Trigger;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.managed.Database;
import io.containr.database.managed.Database.Recovery.Point;
import io.containr.database.managed.DatabaseCatalog;
import io.containr.database.managed.DatabaseCatalog.Order;
import io.containr.database.managed.DatabaseStatus;
import io.containr.database.managed.ManagedDatabases;
import io.containr.database.managed.Recoveries;
import io.containr.database.managed.ReplacedPasswords;
import io.containr.database.wal.PointsInTime;
import io.containr.database.wal.PointsInTime.Way;
import io.containr.database.wal.PointsInTime.Window;
import io.containr.runtime.Ids;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What users do with backups of their databases. */
@Service
public class BackupCatalog {

    private static final String TARGET_TIME = "target_time";

    private final DatabaseBackups backups;
    private final DatabaseCatalog catalog;
    private final ManagedDatabases databases;
    private final Recoveries recoveries;
    private final PointsInTime points;
    private final ReplacedPasswords passwords;
    private final Catalogue catalogue;
    private final WorkQueue backupQueue;
    private final Clock clock;

    BackupCatalog(
            DatabaseBackups backups,
            DatabaseCatalog catalog,
            ManagedDatabases databases,
            Recoveries recoveries,
            PointsInTime points,
            ReplacedPasswords passwords,
            Catalogue catalogue,
            WorkQueue backupQueue,
            Clock clock) {
        this.backups = backups;
        this.catalog = catalog;
        this.databases = databases;
        this.recoveries = recoveries;
        this.points = points;
        this.passwords = passwords;
        this.catalogue = catalogue;
        this.backupQueue = backupQueue;
        this.clock = clock;
    }

    /**
     * Begins a backup.
     *
     * @param proof whether it is proven once it is completed
     * @throws ApiException NOT_FOUND; CONFLICT while another one is in progress, or there is nothing to back up yet
     */
    @Transactional
    public BackupId backUp(DatabaseId id, boolean proof, Actor actor) {
        catalog.get(id, actor);
        Database database = databases.lock(id).orElseThrow(() -> ApiException.notFound("Database"));
        if (database.condition().status() == DatabaseStatus.BUILDING || database.image() == null) {
            throw ApiException.conflict("The database is being built; back it up once it is running");
        }
        if (backups.isInProgress(id)) {
            throw ApiException.conflict("A backup of the database is in progress already");
        }
        return begin(database, Trigger.MANUAL, proof);
    }

    /** In the current transaction, of a database that has an image and no backup in progress. */
    BackupId begin(Database database, Trigger trigger, boolean proof) {
        BackupId id = new BackupId(Ids.next());
        backups.insert(new DatabaseBackup(
                id,
                database.id(),
                database.owner(),
                database.project(),
                database.volume(),
                trigger,
                Status.IN_PROGRESS,
                null,
                new Origin(
                        database.type(),
                        database.version(),
                        database.plan(),
                        Objects.requireNonNull(database.image(), "it ran before"),
                        database.access().user(),
                        database.access().database(),
                        database.access().password()),
                null,
                null,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null,
                new Proof(proof, null, null)));
        backupQueue.wake(id);
        return id;
    }

    /**
     * Has the database go back to a backup, or from one on to a point in time; what is there now is kept until the restored state
     * answered.
     *
     * @param backup null: the newest before that time
     * @param time null: that of the backup
     * @throws ApiException NOT_FOUND for another one's backup too; VALIDATION for a time that cannot be; CONFLICT for a backup that is
     *     not completed, for a time that cannot be gone back to, and while another restore is under way
     */
    @Transactional
    public void restore(DatabaseId id, @Nullable BackupId backup, @Nullable Instant time, Actor actor) {
        Database database = catalog.get(id, actor);
        if (time != null) {
            refuseImpossible(database.type(), id, time);
        }
        Way way = time == null ? null : way(id, backup, time);
        DatabaseBackup wanted = Optional.ofNullable(way == null ? backup : way.backup())
                .flatMap(backups::findKept)
                .filter(found -> found.database().equals(id))
                .orElseThrow(() -> ApiException.notFound("Backup"));
        refuseIncomplete(wanted);
        recoveries.goBack(source(wanted, database.region(), way));
    }

    private void refuseImpossible(DatabaseType type, DatabaseId id, Instant time) {
        if (!points.areKeptFor(type)) {
            throw ApiException.invalid(
                    TARGET_TIME, "is for databases alone whose log is archived, which is PostgreSQL's");
        }
        if (time.isAfter(clock.instant())) {
            throw ApiException.invalid(TARGET_TIME, "must not be in the future; " + shown(points.windows(id)));
        }
    }

    private Way way(DatabaseId id, @Nullable BackupId backup, Instant time) {
        return points.way(id, backup, time)
                .orElseThrow(() -> ApiException.conflict("The database cannot go back to "
                        + time
                        + (backup == null ? "" : " from backup " + backup)
                        + "; "
                        + shown(points.windows(id))));
    }

    private static String shown(List<Window> windows) {
        return windows.isEmpty()
                ? "there is no time yet that it can go back to, the first is that of its next backup"
                : windows.stream()
                        .map(window -> "from " + window.earliest() + " to " + window.latest())
                        .collect(Collectors.joining(", ", "it can go back to any time ", ""));
    }

    /**
     * Has a database made of a backup of the actor's, whose database may be gone.
     *
     * @throws ApiException NOT_FOUND for another one's backup too; CONFLICT for one that is not completed; VALIDATION where it does not
     *     fit the order; and as {@link DatabaseCatalog#create(Order, Actor)}
     */
    @Transactional
    public Database create(Order order, BackupId backup, Actor actor) {
        DatabaseBackup wanted = backups.findKept(backup)
                .filter(found -> found.owner().equals(actor.id()))
                .orElseThrow(() -> ApiException.notFound("Backup"));
        refuseIncomplete(wanted);
        refuseUnfit(order, wanted.origin());
        Instant time = order.time();
        if (time != null) {
            refuseImpossible(order.type(), wanted.database(), time);
        }
        Way way = time == null ? null : way(wanted.database(), backup, time);
        return catalog.create(order, source(wanted, order.region(), way), actor);
    }

    private static void refuseIncomplete(DatabaseBackup backup) {
        if (backup.status() != Status.COMPLETED) {
            throw ApiException.conflict(
                    "The backup is not completed: it is " + backup.status().word());
        }
    }

    private void refuseUnfit(Order order, Origin origin) {
        Map<String, String> problems = new LinkedHashMap<>();
        if (order.type() != origin.type()) {
            problems.put("type", "must be that of the backup: " + origin.type().word());
        }
        if (order.version() != null && !order.version().equals(origin.version())) {
            problems.put("version", "must be that of the backup: " + origin.version());
        }
        if (catalogue.size(order.plan()).diskMiB()
                < catalogue.size(origin.plan()).diskMiB()) {
            problems.put(
                    "plan",
                    "must have at least the disk of the backup's plan: "
                            + origin.plan().word());
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private Recoveries.Source source(DatabaseBackup backup, String region, @Nullable Way way) {
        return way == null
                ? source(backup, region)
                : source(
                        backup,
                        region,
                        way.point(),
                        passwords
                                .at(backup.database(), way.point().time())
                                .or(() -> databases
                                        .find(backup.database())
                                        .map(found -> found.access().password()))
                                .orElse(backup.origin().password()));
    }

    static Recoveries.Source source(DatabaseBackup backup, String region) {
        return source(backup, region, null, backup.origin().password());
    }

    private static Recoveries.Source source(
            DatabaseBackup backup, String region, @Nullable Point point, Sealed password) {
        Origin origin = backup.origin();
        return new Recoveries.Source(
                backup.id(),
                backup.database(),
                origin.type(),
                origin.version(),
                origin.plan(),
                region,
                origin.image(),
                origin.user(),
                origin.database(),
                password,
                point);
    }
}

package io.containr.database.wal;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.engine.EngineException;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database;
import io.containr.database.managed.Database.Recovery.Point;
import io.containr.database.managed.DatabaseStatus;
import io.containr.database.wal.WalArchives.Base;
import io.containr.database.wal.WalArchives.Look;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The moments that databases can go back to: those after a backup up to where the log that leads on from it is archived. */
@Component
public class PointsInTime {

    private static final Logger log = LoggerFactory.getLogger(PointsInTime.class);

    private final Archiver archiver;
    private final WalArchives archives;
    private final WorkQueue walQueue;
    private final Clock clock;

    PointsInTime(Archiver archiver, WalArchives archives, WorkQueue walQueue, Clock clock) {
        this.archiver = archiver;
        this.archives = archives;
        this.walQueue = walQueue;
        this.clock = clock;
    }

    /** Every moment from the first to the last, by the engine's clock. */
    public record Window(Instant earliest, Instant latest) {}

    /**
     * What a database can go back to.
     *
     * @param windows oldest first
     * @param failure why the log is not archived; null: it is, or the database does not run
     */
    public record Outlook(
            List<Window> windows, boolean running, @Nullable String failure) {}

    /** A backup, and how to go on from it. */
    public record Way(BackupId backup, Point point) {}

    /** @param segment of the archive from which a backup needs it */
    public record Beginning(UUID archive, long segment) {}

    public boolean areKeptFor(DatabaseType type) {
        return archiver.keepsLogsOf(type);
    }

    /** Has the archive of one that runs lead up to now; where that fails it leads as far as it did. */
    public void refresh(DatabaseId database) {
        archiver.look(database);
    }

    public Outlook outlook(Database database) {
        boolean running = database.condition().status() == DatabaseStatus.RUNNING;
        return new Outlook(
                windows(database.id()),
                running,
                running ? archives.look(database.id()).map(Look::failure).orElse(null) : null);
    }

    public List<Window> windows(DatabaseId database) {
        List<Window> windows = new ArrayList<>();
        UUID last = null;
        for (Base base : archives.bases(database)) {
            if (!base.archive().id().equals(last)) {
                windows.add(new Window(base.at(), latest(base)));
                last = base.archive().id();
            }
        }
        return List.copyOf(windows);
    }

    /**
     * From the newest backup before that time, or from the one that is named.
     *
     * @return empty where no archive leads there
     */
    public Optional<Way> way(DatabaseId database, @Nullable BackupId backup, Instant time) {
        return archives.bases(database).stream()
                .filter(base -> backup == null || base.backup().equals(backup))
                .filter(base -> !base.at().isAfter(time))
                .max(Comparator.comparing(Base::at))
                .filter(base -> !latest(base).isBefore(time))
                .map(base -> new Way(base.backup(), new Point(base.archive().id(), target(base, time), false)));
    }

    /** Of a stretch in which nothing was committed, the beginning is as good: the log has a later commit there, to know it by. */
    private static Instant target(Base base, Instant time) {
        Instant covered = Objects.requireNonNull(base.archive().coveredUntil(), "it is a base");
        return time.isAfter(covered) ? covered : time;
    }

    private static Instant latest(Base base) {
        return Objects.requireNonNull(base.archive().latest(), "it is a base");
    }

    /** For a backup that is about to begin, of a database that answers: its archive leads up to now. Empty where it is not archived. */
    public Optional<Beginning> beginning(Database database, Target target) {
        if (!archiver.keepsLogsOf(database.type())) {
            return Optional.empty();
        }
        archiver.look(database.id());
        try {
            return archiver.beginning(database, target);
        } catch (EngineException e) {
            log.warn("The backup of database {} leads to no point in time: {}", database.id(), e.getMessage());
            return Optional.empty();
        }
    }

    /** In the current transaction. */
    public void begins(BackupId backup, Beginning beginning) {
        archives.begins(backup, beginning.archive(), beginning.segment());
    }

    /** The backup is whole: every moment from now on can be gone back to; in the current transaction. */
    public void taken(BackupId backup, DatabaseId database) {
        archives.taken(backup, clock.instant());
        walQueue.wake(database);
    }
}

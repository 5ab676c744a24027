package io.containr.database.wal;

import io.containr.contracts.ids.DatabaseId;
import io.containr.database.DatabaseProperties;
import io.containr.database.catalogue.Catalogue;
import io.containr.database.catalogue.DatabaseType;
import io.containr.database.engine.EngineClients;
import io.containr.database.engine.EngineException;
import io.containr.database.engine.Sessions;
import io.containr.database.engine.Target;
import io.containr.database.managed.Database;
import io.containr.database.managed.ManagedDatabases;
import io.containr.database.wal.PostgresLog.MissingException;
import io.containr.database.wal.PostgresLog.Moment;
import io.containr.database.wal.PostgresLog.Server;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Fetches the log of a database up to now. What was committed since the last look is closed by a commit of ours, so that every moment
 * before it can be gone back to; where nothing was, the archive merely lasts until now. Two looks at once do the same thing twice.
 */
@Component
class Archiver {

    private static final Logger log = LoggerFactory.getLogger(Archiver.class);

    private final WalArchives archives;
    private final WalBeginnings beginnings;
    private final WalStore store;
    private final ManagedDatabases databases;
    private final EngineClients clients;
    private final Catalogue catalogue;
    private final boolean enabled;
    private final Clock clock;

    Archiver(
            WalArchives archives,
            WalBeginnings beginnings,
            WalStore store,
            ManagedDatabases databases,
            EngineClients clients,
            Catalogue catalogue,
            DatabaseProperties properties,
            Clock clock) {
        this.archives = archives;
        this.beginnings = beginnings;
        this.store = store;
        this.databases = databases;
        this.clients = clients;
        this.catalogue = catalogue;
        this.enabled = properties.wal().enabled();
        this.clock = clock;
    }

    /** Whether databases of this type can go back to a point in time here. */
    boolean keepsLogsOf(DatabaseType type) {
        return enabled && catalogue.engine(type).hasWal() && clients.of(type) instanceof Sessions;
    }

    /** One that does not run is left as it is; one that fails says so, and is looked at again. */
    void look(DatabaseId id) {
        Optional<Database> database = databases.find(id).filter(found -> keepsLogsOf(found.type()));
        Optional<Target> target = database.flatMap(databases::target);
        if (target.isEmpty()) {
            return;
        }
        try {
            fetchOrBegin(database.get(), target.get());
            archives.looked(id, null, clock.instant());
        } catch (EngineException | MissingException | IOException e) {
            String reason = String.valueOf(e.getMessage());
            if (archives.looked(id, reason, clock.instant())) {
                log.error("The log of database {} is not archived: {}", id, reason);
            } else {
                log.debug("The log of database {} is still not archived: {}", id, reason);
            }
        }
    }

    /** The segment from which a backup that begins now needs the archive, since it has those before; empty where there is none. */
    Optional<PointsInTime.Beginning> beginning(Database database, Target target) throws EngineException {
        Optional<WalArchive> archive = archives.of(database.volume());
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        try (PostgresLog engine = PostgresLog.open(sessions(database), target)) {
            Server server = engine.server();
            return server.timeline() == archive.get().timeline()
                            && engine.keeps(archive.get().slot())
                    ? Optional.of(new PointsInTime.Beginning(archive.get().id(), engine.current(server.segmentBytes())))
                    : Optional.empty();
        }
    }

    private Sessions sessions(Database database) {
        return (Sessions) clients.of(database.type());
    }

    /** Where an archive turns out to have ended, another one begins at once: a backup may be about to need it. */
    private void fetchOrBegin(Database database, Target target) throws EngineException, MissingException, IOException {
        try {
            fetch(database, target);
        } catch (MissingException e) {
            fetch(database, target);
        }
    }

    private void fetch(Database database, Target target) throws EngineException, MissingException, IOException {
        try (PostgresLog engine = PostgresLog.open(sessions(database), target)) {
            Server server = engine.server();
            if (server.recovering()) {
                throw new EngineException("it is recovering");
            }
            if (!server.limited()) {
                throw new EngineException(
                        "it was started before logs were archived and would keep them without a limit; restart it");
            }
            WalArchive archive = beginnings.goingOn(database, server, engine);
            Moment now = engine.moment();
            if (now.text().equals(archive.quietSnapshot()) && !archives.hasYoungBase(archive.id())) {
                store(archive, engine);
                archives.quiet(archive.id(), now.text(), now.time());
                return;
            }
            String after = now.after(engine.commit());
            engine.endSegment();
            store(archive, engine);
            archives.covered(archive.id(), now.time().minus(1, ChronoUnit.MICROS), after);
        }
    }

    private void store(WalArchive archive, PostgresLog engine) throws EngineException, MissingException, IOException {
        long current = engine.current(archive.segmentBytes());
        for (long segment = archive.nextSegment(); segment < current; segment++) {
            if (!isStored(archive, segment)) {
                put(archive, segment, engine);
            }
        }
        engine.release(archive.slot(), current, archive.segmentBytes());
    }

    private void put(WalArchive archive, long segment, PostgresLog engine)
            throws EngineException, MissingException, IOException {
        try (WalStore.Unfinished unfinished = store.begin(archive.id(), archive.name(segment))) {
            engine.read(archive, segment, unfinished.out());
            unfinished.finish();
        } catch (IOException e) {
            throw new IOException("the archive cannot be written: " + e.getMessage(), e);
        } catch (MissingException e) {
            if (isStored(archive, segment)) {
                return;
            }
            beginnings.end(archive, String.valueOf(e.getMessage()));
            throw e;
        }
        archives.stored(archive.id(), segment + 1);
    }

    /** By another look, maybe. */
    private boolean isStored(WalArchive archive, long segment) {
        return archives.find(archive.id())
                .filter(now -> now.nextSegment() > segment)
                .isPresent();
    }
}

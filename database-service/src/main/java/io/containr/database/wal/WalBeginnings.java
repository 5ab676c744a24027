package io.containr.database.wal;

import io.containr.database.engine.EngineException;
import io.containr.database.managed.Database;
import io.containr.database.wal.PostgresLog.Server;
import io.containr.runtime.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Begins archives and ends them. One at a time begins for a volume: two that did at once would take each other's slot away. */
@Component
class WalBeginnings {

    private static final Logger log = LoggerFactory.getLogger(WalBeginnings.class);

    private final WalArchives archives;
    private final Clock clock;

    WalBeginnings(WalArchives archives, Clock clock) {
        this.archives = archives;
        this.clock = clock;
    }

    /** The one that goes on, or a new one: after a gap, what was archived before leads no further. */
    @Transactional
    WalArchive goingOn(Database database, Server server, PostgresLog engine) throws EngineException {
        archives.lock(database.volume());
        Optional<WalArchive> present = archives.of(database.volume());
        if (present.isPresent()) {
            WalArchive archive = present.get();
            if (archive.timeline() != server.timeline()) {
                end(archive, "the engine's log goes on in another history");
            } else if (!engine.keeps(archive.slot())) {
                end(archive, "the engine did not keep what was not stored yet");
            } else {
                return archive;
            }
        }
        WalArchive begun = begin(database, server, engine);
        archives.insert(begun);
        return begun;
    }

    /**
     * With the next segment: the present one may have begun in another history, which an engine that was promoted has gone on from in the
     * middle of a segment, and what the slot keeps begins with the last checkpoint, which may lie before that.
     */
    private WalArchive begin(Database database, Server server, PostgresLog engine) throws EngineException {
        UUID id = Ids.next();
        Instant now = clock.instant();
        String slot = WalArchive.slot(id);
        engine.keep(slot);
        engine.endSegment();
        long first = engine.current(server.segmentBytes());
        engine.release(slot, first, server.segmentBytes());
        return new WalArchive(
                id,
                database.id(),
                database.volume(),
                server.timeline(),
                server.segmentBytes(),
                first,
                first,
                now,
                null,
                null,
                null,
                false);
    }

    void end(WalArchive archive, String reason) {
        log.error(
                "The archived log of database {} ends {}: {}. The next backup begins anew",
                archive.database(),
                archive.latest() == null ? "before it led anywhere" : "at " + archive.latest(),
                reason);
        archives.end(archive.id(), reason, clock.instant());
    }
}

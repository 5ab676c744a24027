package io.containr.database.wal;

import io.containr.contracts.ids.DatabaseId;
import io.containr.database.DatabaseProperties;
import io.containr.database.managed.DatabaseStatus;
import io.containr.database.managed.ManagedDatabases;
import io.containr.database.managed.ReplacedPasswords;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has the logs of all databases fetched again and again, and takes away what no backup needs any more. */
@Component
class WalLoop {

    private static final Logger log = LoggerFactory.getLogger(WalLoop.class);

    /** What is younger may still be written, or be needed by a backup that is about to begin. */
    private static final Duration YOUNG = Duration.ofMinutes(10);

    private final Archiver archiver;
    private final WalArchives archives;
    private final WalStore store;
    private final ManagedDatabases databases;
    private final ReplacedPasswords passwords;
    private final WorkQueue walQueue;
    private final Clock clock;

    WalLoop(
            Archiver archiver,
            WalArchives archives,
            WalStore store,
            ManagedDatabases databases,
            ReplacedPasswords passwords,
            WorkQueue walQueue,
            MeterRegistry metrics,
            Clock clock) {
        this.archiver = archiver;
        this.archives = archives;
        this.store = store;
        this.databases = databases;
        this.passwords = passwords;
        this.walQueue = walQueue;
        this.clock = clock;
        Gauge.builder("containr.database.wal.failing", archives, WalArchives::failing)
                .description("Databases whose write-ahead log could not be archived at the last look")
                .register(metrics);
    }

    /** The queue of databases whose log is to be fetched. */
    @Configuration(proxyBeanMethods = false)
    static class Queue {

        @Bean
        WorkQueue walQueue(WorkQueues queues, DatabaseProperties settings, ObjectProvider<Archiver> archiver) {
            return queues.create("wal", settings.concurrency(), work -> {
                archiver.getObject().look(DatabaseId.of(work.key()));
                return Next.done();
            });
        }
    }

    @Scheduled(fixedDelayString = "${containr.database.wal.interval:45s}")
    void lookAtAll() {
        databases.all().stream()
                .filter(database -> archiver.keepsLogsOf(database.type()))
                .filter(database -> database.condition().status() == DatabaseStatus.RUNNING)
                .forEach(database -> walQueue.wake(database.id()));
        try {
            prune();
        } catch (IOException e) {
            log.warn("Segments that nobody needs cannot be deleted, trying again: {}", e.getMessage());
        }
    }

    /** A segment is kept as long as a backup that needs it, and an archive that goes on keeps its place. */
    private void prune() throws IOException {
        archives.endOrphans(clock.instant());
        Set<UUID> orphans = new HashSet<>(store.archives());
        for (WalArchive archive : archives.all()) {
            orphans.remove(archive.id());
            store.deleteUnfinished(archive.id(), clock.instant().minus(YOUNG));
            Optional<Long> needed = archives.needed(archive.id());
            if (needed.isEmpty() && archive.ended()) {
                store.deleteAll(archive.id());
                archives.delete(archive.id());
                continue;
            }
            String first = archive.name(needed.orElse(archive.nextSegment()));
            Instant before = needed.isPresent() ? Instant.MAX : clock.instant().minus(YOUNG);
            for (String segment : store.segments(archive.id())) {
                if (segment.compareTo(first) < 0
                        && store.storedAt(archive.id(), segment).isBefore(before)) {
                    store.delete(archive.id(), segment);
                }
            }
        }
        for (UUID orphan : orphans) {
            if (archives.find(orphan).isEmpty()) {
                store.deleteAll(orphan);
            }
        }
        passwords.forget();
    }
}

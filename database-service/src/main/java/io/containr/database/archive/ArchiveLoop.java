package io.containr.database.archive;

import io.containr.contracts.agent.VolumeEvent.VolumeBackedUp;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.containr.runtime.work.WorkQueue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes the checksum of each archive, has a copy of it made where one is wanted, and the copy removed after the archive. What fails is
 * tried again with each look at all of them.
 */
@Component
public class ArchiveLoop {

    private static final Logger log = LoggerFactory.getLogger(ArchiveLoop.class);

    private final Archives archives;
    private final ArchiveFiles files;
    private final CopyStore copies;
    private final WorkQueue archiveQueue;
    private final Clock clock;

    ArchiveLoop(
            Archives archives,
            ArchiveFiles files,
            CopyStore copies,
            WorkQueue archiveQueue,
            MeterRegistry metrics,
            Clock clock) {
        this.archives = archives;
        this.files = files;
        this.copies = copies;
        this.archiveQueue = archiveQueue;
        this.clock = clock;
        Gauge.builder("containr.database.archives.failing", archives, Archives::failing)
                .description("Archives of backups whose checksum or copy failed at the last attempt")
                .register(metrics);
    }

    /** A backup is complete; in the current transaction. */
    public void taken(VolumeBackedUp event, DatabaseId database) {
        archives.insert(event.backup(), database, event.node(), event.archive());
        archiveQueue.wake(event.backup());
    }

    /** A backup is gone from its storage; in the current transaction. */
    public void deleted(BackupId backup) {
        archives.letGo(backup);
        archiveQueue.wake(backup);
    }

    @Scheduled(fixedDelayString = "${containr.database.backups.archive-retry:1m}")
    void lookAtAll() {
        if (files.areSeen()) {
            archives.unfinished(copies.isThere()).forEach(archiveQueue::wake);
        }
    }

    Next look(Work work) {
        archives.find(BackupId.of(work.key())).ifPresent(archive -> {
            try {
                if (archive.isDeleted()) {
                    remove(archive);
                } else {
                    keep(archive);
                }
            } catch (IOException e) {
                failed(archive, e);
            }
        });
        return Next.done();
    }

    private void keep(Archive archive) throws IOException {
        Optional<Path> file = files.file(archive);
        if (file.isEmpty()) {
            if (files.areSeen()) {
                throw new IOException("the folder of its storage is not there");
            }
            return;
        }
        if (archive.checksum() == null) {
            archives.checked(archive.backup(), files.check(file.get()), clock.instant());
        }
        if (copies.isThere() && archive.copiedAt() == null) {
            copies.put(archives.find(archive.backup()).orElseThrow(), file.get());
            archives.copied(archive.backup(), clock.instant());
        }
        settled(archive, null);
    }

    private void remove(Archive archive) throws IOException {
        if (copies.isThere()) {
            copies.delete(archive);
        } else if (archive.copiedAt() != null) {
            log.warn("The copy of backup {} stays in its store, which is not named any more", archive.backup());
        }
        archives.delete(archive.backup());
    }

    /** Its owner is told the kind alone: paths and addresses are the operator's. */
    private void failed(Archive archive, IOException e) {
        if (archive.failure() == null) {
            log.error("The archive of backup {}", archive.backup(), e);
        }
        boolean unread = archive.checksum() == null
                && archives.find(archive.backup())
                        .map(now -> now.checksum() == null)
                        .orElse(true);
        settled(archive, unread ? "The archive cannot be read where it is to be" : "The archive cannot be copied");
    }

    private void settled(Archive archive, @Nullable String failure) {
        archives.settle(archive.backup(), failure);
    }
}

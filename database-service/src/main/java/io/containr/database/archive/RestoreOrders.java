package io.containr.database.archive;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import io.containr.database.managed.Recoveries;
import io.containr.database.managed.VolumeRestores;
import io.containr.runtime.rows.Rows;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.containr.runtime.work.WorkQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks at an archive before a volume is made of it: one that is damaged or gone is brought back from its copy, and refused where there
 * is none. Where archives are not seen from here, the node is the first who reads them.
 */
@Component
class RestoreOrders implements VolumeRestores {

    private static final Logger log = LoggerFactory.getLogger(RestoreOrders.class);

    /** How long one that is as it was since it was last read whole is not read again. */
    private static final Duration TRUST = Duration.ofDays(1);

    /** How long a store of copies that does not answer is waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Archives archives;
    private final ArchiveFiles files;
    private final CopyStore copies;
    private final ObjectProvider<Recoveries> recoveries;
    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final WorkQueue restoreQueue;
    private final Clock clock;

    RestoreOrders(
            Archives archives,
            ArchiveFiles files,
            CopyStore copies,
            ObjectProvider<Recoveries> recoveries,
            JdbcClient jdbc,
            TransactionOperations transaction,
            WorkQueue restoreQueue,
            Clock clock) {
        this.archives = archives;
        this.files = files;
        this.copies = copies;
        this.recoveries = recoveries;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.restoreQueue = restoreQueue;
        this.clock = clock;
    }

    private record Order(ServiceId volume, BackupId backup, Instant orderedAt) {}

    @Override
    public void order(BackupId backup, ServiceId volume) {
        jdbc.sql("insert into restore_order (volume_id, backup_id, ordered_at) values (:volume, :backup, :now)")
                .param("volume", volume.value())
                .param("backup", backup.value())
                .param("now", Rows.timestamp(clock.instant()))
                .update();
        restoreQueue.wake(volume);
    }

    Next look(Work work) {
        Optional<Order> found = find(ServiceId.of(work.key()));
        if (found.isEmpty()) {
            return Next.done();
        }
        Order order = found.get();
        try {
            Optional<Failure> refusal = refusal(order.backup());
            transaction.executeWithoutResult(status -> end(order, refusal));
            return Next.done();
        } catch (IOException e) {
            if (order.orderedAt().plus(PATIENCE).isAfter(clock.instant())) {
                log.warn("The copy of backup {}, trying again: {}", order.backup(), e.getMessage());
                return Next.after(PAUSE);
            }
            log.error("The copy of backup {}", order.backup(), e);
            Failure failure = new Failure(
                    "ARCHIVE_DAMAGED", "The archive is damaged or gone, and its copy cannot be had: try again later");
            transaction.executeWithoutResult(status -> end(order, Optional.of(failure)));
            return Next.done();
        }
    }

    private void end(Order order, Optional<Failure> refusal) {
        jdbc.sql("delete from restore_order where volume_id = :volume")
                .param("volume", order.volume().value())
                .update();
        refusal.ifPresentOrElse(
                failure -> recoveries.getObject().refuse(order.volume(), failure),
                () -> recoveries.getObject().begin(order.backup(), order.volume()));
    }

    private Optional<Order> find(ServiceId volume) {
        return jdbc.sql("select * from restore_order where volume_id = :volume")
                .param("volume", volume.value())
                .query((row, index) -> new Order(
                        Rows.id(row, "volume_id", ServiceId::new),
                        Rows.id(row, "backup_id", BackupId::new),
                        Rows.instant(row, "ordered_at")))
                .optional();
    }

    /**
     * Why it cannot be restored; empty: it can, or the node will find out.
     *
     * @throws IOException where it must come from its copy, and that cannot be had now
     */
    private Optional<Failure> refusal(BackupId backup) throws IOException {
        Optional<Archive> archive = archives.find(backup).filter(known -> known.checksum() != null);
        Optional<Path> file = archive.flatMap(files::file);
        if (archive.isEmpty() || file.isEmpty() || isWhole(archive.get(), file.get())) {
            return Optional.empty();
        }
        if (copies.isThere() && archive.get().copiedAt() != null) {
            bringBack(archive.get(), file.get());
            return Optional.empty();
        }
        return Files.exists(file.get())
                ? Optional.of(new Failure(
                        "ARCHIVE_DAMAGED", "The archive is not what was written: its checksum is another one"))
                : Optional.empty();
    }

    private boolean isWhole(Archive archive, Path file) {
        if (!Files.exists(file)) {
            log.warn("The archive of backup {} is not at {}", archive.backup(), file);
            return false;
        }
        try {
            if (isAsRead(archive, file)) {
                return true;
            }
            Checked now = files.check(file);
            boolean whole = now.checksum().equals(archive.checksum());
            if (whole) {
                archives.checked(archive.backup(), now, clock.instant());
            } else {
                log.error("The archive of backup {} at {} is damaged", archive.backup(), file);
            }
            return whole;
        } catch (IOException e) {
            log.error("The archive of backup {} cannot be read", archive.backup(), e);
            return false;
        }
    }

    private boolean isAsRead(Archive archive, Path file) throws IOException {
        Instant checked = archive.checkedAt();
        return checked != null
                && checked.plus(TRUST).isAfter(clock.instant())
                && files.modifiedAt(file).equals(archive.modifiedAt());
    }

    private void bringBack(Archive archive, Path file) throws IOException {
        Checked placed =
                files.place(file, Objects.requireNonNull(archive.checksum()), part -> copies.get(archive, part));
        archives.checked(archive.backup(), placed, clock.instant());
        log.warn("The archive of backup {} was brought back from its copy", archive.backup());
    }
}

package io.containr.database.archive;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.DatabaseId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The archive of a completed backup.
 *
 * @param node where it was written
 * @param volume as the hypervisor names it, {@code storage:backup/name}
 * @param checksum SHA-256 in hexadecimal digits; null: not taken yet
 * @param modifiedAt of the file when it was last read whole
 * @param checkedAt when that was
 * @param copiedAt when its copy was whole; null: there is none
 * @param failure why its checksum could not be taken or its copy not be made, at the last attempt, as its owner may read it
 * @param isDeleted whether it is gone from the storage, and its copy is to go
 */
public record Archive(
        BackupId backup,
        DatabaseId database,
        String node,
        String volume,
        @Nullable String checksum,
        @Nullable Instant modifiedAt,
        @Nullable Instant checkedAt,
        @Nullable Instant copiedAt,
        @Nullable String failure,
        boolean isDeleted) {

    /** Of the file, without the folders that it lies in. */
    String fileName() {
        return volume.substring(volume.lastIndexOf('/') + 1);
    }

    String storage() {
        return volume.substring(0, Math.max(0, volume.indexOf(':')));
    }
}

package io.containr.contracts.agent;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;

/** What became of volumes and their backups; key is the service id. */
public sealed interface VolumeEvent {

    BackupId backup();

    ServiceId service();

    /**
     * The archive is on the storage.
     *
     * @param archive as the hypervisor names it
     * @param sizeBytes of the archive
     */
    record VolumeBackedUp(
            BackupId backup, ServiceId service, String node, String archive, long sizeBytes, Instant takenAt)
            implements VolumeEvent {}

    /** There is no such backup, and nothing of it is left. */
    record VolumeBackupFailed(BackupId backup, ServiceId service, Failure failure) implements VolumeEvent {}

    /** @param service that has the volume now */
    record VolumeRestored(BackupId backup, ServiceId service) implements VolumeEvent {}

    /** The service has no volume. */
    record VolumeRestoreFailed(BackupId backup, ServiceId service, Failure failure) implements VolumeEvent {}

    /** Also said of one that nobody knows. */
    record BackupDeleted(BackupId backup, ServiceId service) implements VolumeEvent {}
}

package io.containr.contracts.agent;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;

/** What the proxmox-agent is asked to do with volumes; key is the service id. Asking twice is asking once. */
public sealed interface VolumeCommand {

    ServiceId service();

    /** The service's volume shall be gone: with its guest where one is about to go, else with the guest that was kept for it. */
    record RemoveVolume(ServiceId service) implements VolumeCommand {}

    /** The volume, as it is in one moment, shall be written to the backup storage. */
    record BackUpVolume(BackupId backup, ServiceId service) implements VolumeCommand {}

    /**
     * A service that has no volume yet shall have one with what was backed up; its instances take it as any other.
     *
     * @param service whose volume it becomes, another one than the backup's
     */
    record RestoreVolume(BackupId backup, ServiceId service) implements VolumeCommand {}

    /** The backup shall be gone. */
    record DeleteBackup(BackupId backup, ServiceId service) implements VolumeCommand {}
}

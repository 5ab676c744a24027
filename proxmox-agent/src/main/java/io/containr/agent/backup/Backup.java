package io.containr.agent.backup;

import io.containr.agent.instance.VolumePlaces.Place;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backup as stored.
 *
 * @param deletion whether it shall be gone
 * @param place the guest it is of; null before it was begun
 * @param task of its dump, null until the answer to the call that begins it was stored
 * @param archive null before it is on the storage
 * @param lockedSince since when it waits for a guest that something else holds, or that has handed the volume on
 */
record Backup(
        BackupId id,
        ServiceId service,
        boolean deletion,
        State state,
        @Nullable Place place,
        @Nullable Upid task,
        @Nullable Instant taskSince,
        int attempts,
        @Nullable String archive,
        @Nullable Instant lockedSince) {

    enum State {
        /** Asked for. */
        ASKED,
        /** Its dump was begun, or was about to be when somebody last wrote it down. */
        DUMPING,
        /** On the storage. */
        TAKEN,
        /** Nothing of it is left. */
        FAILED
    }
}

package io.containr.agent.backup;

import io.containr.agent.proxmox.Upid;
import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A volume that is made of a backup, as stored.
 *
 * @param service that gets it
 * @param holder whose guest it is restored to
 */
record Restoration(
        ServiceId service,
        BackupId backup,
        State state,
        InstanceId holder,
        @Nullable Upid task,
        @Nullable Instant taskSince,
        int attempts) {

    enum State {
        /** Asked for. */
        ASKED,
        /** Was begun, or was about to be when somebody last wrote it down. */
        RESTORING,
        /** The holder has the volume until an instance of the service takes it. */
        HELD,
        /** The volume is the service's; the holder goes. */
        DONE,
        /** There is no volume; the holder goes. */
        FAILED
    }
}

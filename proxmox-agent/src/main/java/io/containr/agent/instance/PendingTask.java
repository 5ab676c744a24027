package io.containr.agent.instance;

import io.containr.agent.proxmox.Upid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that was begun, or that was about to be when somebody last wrote it down.
 *
 * @param upid null until the answer to the call that begins it was stored
 */
record PendingTask(Kind kind, @Nullable Upid upid, Instant since) {

    /** What it does. */
    enum Kind {
        CREATE("vzcreate"),
        START("vzstart"),
        SHUTDOWN("vzshutdown"),
        STOP("vzstop"),
        DESTROY("vzdestroy"),
        MOVE_VOLUME("move_volume"),
        GROW_VOLUME("resize");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** As Proxmox names it. */
        String type() {
            return type;
        }
    }
}

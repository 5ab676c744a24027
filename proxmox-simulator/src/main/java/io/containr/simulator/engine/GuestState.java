package io.containr.simulator.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the engine sees of a guest's container.
 *
 * @param pid on this machine; 0 where it does not run
 * @param startedAt of the last start; null where it never ran
 * @param address its IPv4 address while it runs
 */
public record GuestState(
        String containerId,
        boolean running,
        long pid,
        @Nullable Instant startedAt,
        @Nullable String address,
        int prefixLength,
        String launchHash) {

    public boolean everStarted() {
        return startedAt != null;
    }
}

package io.containr.agent.proxmox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a guest uses. Counters are bytes since its start, null where the node does not tell them.
 *
 * @param cpus in use
 */
public record GuestUsage(
        int vmid,
        String node,
        Duration uptime,
        double cpus,
        long memoryBytes,
        @Nullable Long networkIn,
        @Nullable Long networkOut,
        @Nullable Long diskRead,
        @Nullable Long diskWritten) {}

package io.containr.agent.proxmox;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a guest's configuration that the agent reads.
 *
 * @param digest of the whole, for compare-and-set
 * @param description without its last line break
 * @param volume its first mount point, null: none
 * @param memoryMiB what it may use, 0: not known
 * @param cpuMillis thousandths of a CPU that it may use, 0: not known
 */
public record GuestConfig(
        String digest,
        String description,
        Set<String> tags,
        @Nullable Mount volume,
        int memoryMiB,
        int cpuMillis) {

    public GuestConfig {
        tags = Set.copyOf(tags);
    }
}

package io.containr.agent.proxmox;

import java.util.Set;

/**
 * The parts of a guest's configuration that the agent reads.
 *
 * @param digest of the whole, for compare-and-set
 * @param description without its last line break
 */
public record GuestConfig(String digest, String description, Set<String> tags) {

    public GuestConfig {
        tags = Set.copyOf(tags);
    }
}

package io.containr.agent.proxmox;

import io.containr.contracts.project.Resources;

/**
 * A guest to be made.
 *
 * @param template volume id of its image
 * @param address with prefix length, such as {@code 10.77.0.2/16}
 * @param firewall whether its network interface is filtered
 * @param startsWithNode whether the node starts it by itself when it comes up
 */
public record GuestPlan(
        int vmid,
        String hostname,
        String description,
        String pool,
        String template,
        String rootStorage,
        Resources resources,
        String bridge,
        String address,
        String gateway,
        boolean firewall,
        boolean startsWithNode) {}

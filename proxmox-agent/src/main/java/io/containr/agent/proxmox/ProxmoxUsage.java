package io.containr.agent.proxmox;

import java.util.List;

/** What the agent asks of Proxmox VE about the use of guests, by the same rules as {@link Proxmox}. */
public interface ProxmoxUsage {

    /** Every guest that runs and was measured since it started; up to ten seconds old. */
    List<GuestUsage> usage();
}

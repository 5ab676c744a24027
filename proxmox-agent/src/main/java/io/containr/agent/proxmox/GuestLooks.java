package io.containr.agent.proxmox;

import java.util.Optional;

/** Looks at guests of ours that may have gone. */
public final class GuestLooks {

    private GuestLooks() {}

    /**
     * As {@link Proxmox#status}, and empty for a number that is free, too: rights end at the pool, so that one is refused like one of
     * somebody else.
     *
     * @throws ProxmoxException as {@link Proxmox#status} does
     */
    public static Optional<GuestStatus> status(Proxmox proxmox, String node, int vmid) {
        try {
            return proxmox.status(node, vmid);
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.DENIED) && proxmox.isFree(vmid)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}

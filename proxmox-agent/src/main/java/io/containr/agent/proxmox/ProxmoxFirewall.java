package io.containr.agent.proxmox;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What the agent asks of Proxmox VE for the firewalls of guests, by the same rules as {@link Proxmox}. */
public interface ProxmoxFirewall {

    /**
     * Switches a guest's firewall on with these rules and no others, the first that fits counts. Nothing else gets in, everything else gets
     * out, nothing leaves from another address than the guest's own.
     *
     * @param set of addresses that rules may name, made with these members
     */
    void protect(String node, int vmid, List<FirewallRule> rules, String set, Collection<String> members);

    /** Has a guest's set consist of these addresses. */
    void admit(String node, int vmid, String set, Collection<String> members);

    /** IPv4 addresses of a node, on whichever of its interfaces. */
    Set<String> addresses(String node);
}

package io.containr.agent.proxmox;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of some of the packets to or from a guest.
 *
 * @param peer the other end: an address, a CIDR, several with commas between, or {@code +} and the name of a set
 * @param protocol null: any
 * @param port of whoever is called, null: any
 */
public record FirewallRule(
        Direction direction,
        Action action,
        String peer,
        @Nullable String protocol,
        @Nullable Integer port,
        String comment) {

    /** As the guest sees it. */
    public enum Direction {
        IN,
        OUT
    }

    /** Rejecting tells the sender. */
    public enum Action {
        ACCEPT,
        REJECT
    }

    /** Whoever is there may call the guest. */
    public static FirewallRule from(String peer, String comment) {
        return new FirewallRule(Direction.IN, Action.ACCEPT, peer, null, null, comment);
    }

    /** The guest may call that port. */
    public static FirewallRule to(String peer, String protocol, int port, String comment) {
        return new FirewallRule(Direction.OUT, Action.ACCEPT, peer, protocol, port, comment);
    }

    /** The guest may not call whoever is there. */
    public static FirewallRule notTo(String peer, String comment) {
        return new FirewallRule(Direction.OUT, Action.REJECT, peer, null, null, comment);
    }
}

package io.containr.simulator.filter;

import java.util.List;
import java.util.Optional;

/** Decides which packets of guests pass. */
public interface PacketRules {

    /** Why nothing can be enforced here; empty where it can. */
    Optional<String> obstacle();

    /** Lets through what these guests may send and get, and everything of all others. */
    void apply(List<GuestFilter> guests);

    /** Leaves nothing behind. */
    void remove();
}

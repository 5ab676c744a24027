package io.containr.simulator.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is let through to and from one guest.
 *
 * @param address its own
 * @param port the bridge's port that it hangs on, null while it is being started
 * @param mac its hardware address, which all it sends must bear; null: whichever
 * @param bound whether nothing may leave that port from another address, nor come from this address elsewhere
 * @param inPolicy for what no rule of {@code in} says anything about
 * @param outPolicy for what no rule of {@code out} says anything about
 */
public record GuestFilter(
        String address,
        @Nullable String port,
        @Nullable String mac,
        boolean bound,
        Verdict inPolicy,
        List<FilterRule> in,
        Verdict outPolicy,
        List<FilterRule> out) {}

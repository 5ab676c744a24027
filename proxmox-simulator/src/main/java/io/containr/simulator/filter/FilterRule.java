package io.containr.simulator.filter;

import java.util.List;

/**
 * One line of a guest's rules.
 *
 * @param match arguments of iptables; none: every packet
 */
public record FilterRule(List<String> match, Verdict verdict) {

    public FilterRule {
        match = List.copyOf(match);
    }
}

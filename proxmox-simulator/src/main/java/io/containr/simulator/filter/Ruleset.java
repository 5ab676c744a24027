package io.containr.simulator.filter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * All rules of one bridge, as {@code iptables-restore} reads them. Everything lies in chains whose names begin with the
 * bridge's, so that nobody else's rule is touched and whoever comes later replaces what was left behind.
 */
final class Ruleset {

    private final String chain;

    Ruleset(String device) {
        this.chain = "CT-" + device;
    }

    /** The chain that packets of the bridge are sent through, in both tables. */
    String chain() {
        return chain;
    }

    /** Whether a chain belongs to this bridge and to one of its guests. */
    boolean isGuestChain(String name) {
        return name.startsWith(chain + "-");
    }

    private String chain(GuestFilter guest, char direction) {
        StringBuilder name = new StringBuilder(chain).append('-');
        for (String part : guest.address().split("\\.")) {
            name.append("%02x".formatted(Integer.parseInt(part)));
        }
        return name.append(direction).toString();
    }

    List<String> chains(List<GuestFilter> guests) {
        return guests.stream()
                .flatMap(guest -> List.of(chain(guest, 'i'), chain(guest, 'o')).stream())
                .toList();
    }

    /** @param stale chains of guests that are gone */
    String text(List<GuestFilter> guests, Collection<String> stale) {
        List<GuestFilter> ordered = guests.stream()
                .sorted(Comparator.comparing(GuestFilter::address))
                .toList();
        List<String> lines = new ArrayList<>();
        sources(ordered, lines);
        traffic(ordered, stale, lines);
        return String.join("\n", lines) + "\n";
    }

    /** Before anything else is decided: nobody speaks in another's name. */
    private void sources(List<GuestFilter> guests, List<String> lines) {
        lines.add("*raw");
        lines.add(":" + chain + " - [0:0]");
        for (GuestFilter guest : guests) {
            if (guest.port() != null) {
                String from = "-A " + chain + " -m physdev --physdev-in " + guest.port();
                if (guest.bound()) {
                    lines.add(from + " ! -s " + guest.address() + "/32 -j DROP");
                    lines.add(from + " -j RETURN");
                }
            }
        }
        for (GuestFilter guest : guests) {
            if (guest.port() != null && guest.bound()) {
                lines.add("-A " + chain + " -s " + guest.address() + "/32 -j DROP");
            }
        }
        lines.add("COMMIT");
    }

    /** Takes everything away that this bridge had, once nothing leads to it. */
    String farewell(Collection<String> stale) {
        List<String> lines = new ArrayList<>(List.of("*raw", ":" + chain + " - [0:0]", "-X " + chain, "COMMIT"));
        lines.addAll(List.of("*filter", ":" + chain + " - [0:0]"));
        drop(stale, lines);
        lines.addAll(List.of("-X " + chain, "COMMIT"));
        return String.join("\n", lines) + "\n";
    }

    private static void drop(Collection<String> stale, List<String> lines) {
        stale.forEach(name -> lines.add(":" + name + " - [0:0]"));
        stale.forEach(name -> lines.add("-X " + name));
    }

    private void traffic(List<GuestFilter> guests, Collection<String> stale, List<String> lines) {
        lines.add("*filter");
        lines.add(":" + chain + " - [0:0]");
        chains(guests).forEach(name -> lines.add(":" + name + " - [0:0]"));
        drop(stale, lines);
        lines.add("-A " + chain + " -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
        for (GuestFilter guest : guests) {
            String source = guest.port() == null || guest.bound()
                    ? "-s " + guest.address() + "/32"
                    : "-m physdev --physdev-in " + guest.port();
            lines.add("-A " + chain + " " + source + " -j " + chain(guest, 'o'));
        }
        for (GuestFilter guest : guests) {
            lines.add("-A " + chain + " -d " + guest.address() + "/32 -j " + chain(guest, 'i'));
        }
        for (GuestFilter guest : guests) {
            rules(chain(guest, 'o'), guest.out(), guest.outPolicy(), lines);
            rules(chain(guest, 'i'), guest.in(), guest.inPolicy(), lines);
        }
        lines.add("COMMIT");
    }

    private static void rules(String name, List<FilterRule> rules, Verdict policy, List<String> lines) {
        for (FilterRule rule : rules) {
            lines.add(("-A " + name + " " + String.join(" ", rule.match())).strip() + " -j "
                    + rule.verdict().target());
        }
        lines.add("-A " + name + " -j " + policy.target());
    }
}

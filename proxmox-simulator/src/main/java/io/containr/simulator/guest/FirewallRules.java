package io.containr.simulator.guest;

import io.containr.simulator.filter.FilterRule;
import io.containr.simulator.filter.Verdict;
import io.containr.simulator.guest.Guest.Firewall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules of a guest's firewall as the packet filter takes them. What only a real node knows (macros, security groups, aliases, sets of the
 * datacenter, IPv6) is left out; {@link #unknown} tells of it.
 */
final class FirewallRules {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}(/\\d{1,2})?");
    private static final Pattern RANGE = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}-\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern SET = Pattern.compile("\\+(?:guest/)?([A-Za-z][A-Za-z0-9_-]+)");
    private static final Pattern PROTOCOL = Pattern.compile("[a-z0-9-]{1,20}");
    private static final Pattern PORTS = Pattern.compile("[A-Za-z0-9-]+(:\\d+)?(,[A-Za-z0-9-]+(:\\d+)?)*");
    private static final List<List<String>> ANYWHERE = List.of(List.of());

    private final Firewall firewall;

    FirewallRules(Firewall firewall) {
        this.firewall = firewall;
    }

    /** @param direction {@code in} or {@code out} */
    List<FilterRule> of(String direction) {
        return enabled()
                .filter(rule -> direction.equals(rule.get("type")))
                .flatMap(rule -> translated(rule).stream().flatMap(List::stream))
                .toList();
    }

    /** Enabled rules that are not enforced. */
    List<Map<String, String>> unknown() {
        return enabled().filter(rule -> translated(rule).isEmpty()).toList();
    }

    private Stream<Map<String, String>> enabled() {
        return firewall.rules().stream().filter(rule -> "1".equals(rule.get("enable")));
    }

    private Optional<List<FilterRule>> translated(Map<String, String> rule) {
        String action = rule.getOrDefault("action", "");
        Optional<List<String>> protocol = protocol(rule);
        Optional<List<List<String>>> sources = addresses(rule.get("source"), "-s", "--src-range");
        Optional<List<List<String>>> targets = addresses(rule.get("dest"), "-d", "--dst-range");
        boolean known =
                Stream.of(Verdict.values()).anyMatch(verdict -> verdict.name().equals(action));
        if (!known || rule.containsKey("macro") || protocol.isEmpty() || sources.isEmpty() || targets.isEmpty()) {
            return Optional.empty();
        }
        List<FilterRule> translated = new ArrayList<>();
        for (List<String> source : sources.get()) {
            for (List<String> target : targets.get()) {
                List<String> match = new ArrayList<>(source);
                match.addAll(target);
                match.addAll(protocol.get());
                translated.add(new FilterRule(match, Verdict.valueOf(action)));
            }
        }
        return Optional.of(translated);
    }

    private static Optional<List<String>> protocol(Map<String, String> rule) {
        String protocol = rule.get("proto");
        List<String> match = new ArrayList<>();
        if (protocol == null) {
            boolean needed = Stream.of("dport", "sport", "icmp-type").anyMatch(rule::containsKey);
            return needed ? Optional.empty() : Optional.of(match);
        }
        String icmp = rule.get("icmp-type");
        if (!PROTOCOL.matcher(protocol).matches()
                || (icmp != null && !PROTOCOL.matcher(icmp).matches())
                || !ports(rule.get("dport"))
                || !ports(rule.get("sport"))) {
            return Optional.empty();
        }
        match.addAll(List.of("-p", protocol));
        if (icmp != null) {
            match.addAll(List.of("--icmp-type", icmp));
        }
        if (rule.get("dport") != null) {
            match.addAll(List.of("-m", "multiport", "--dports", rule.get("dport")));
        }
        if (rule.get("sport") != null) {
            match.addAll(List.of("-m", "multiport", "--sports", rule.get("sport")));
        }
        return Optional.of(match);
    }

    private static boolean ports(@Nullable String ports) {
        return ports == null || PORTS.matcher(ports).matches();
    }

    /** A match for each address; without any, nothing matches. Empty where it cannot be told which are meant. */
    private Optional<List<List<String>>> addresses(@Nullable String spec, String single, String range) {
        if (spec == null) {
            return Optional.of(ANYWHERE);
        }
        var set = SET.matcher(spec);
        if (set.matches()) {
            List<String> members = firewall.sets().get(set.group(1));
            return members == null
                    ? Optional.empty()
                    : Optional.of(members.stream()
                            .filter(member -> NUMBER.matcher(member).matches())
                            .map(member -> List.of(single, member))
                            .toList());
        }
        List<List<String>> matches = new ArrayList<>();
        for (String address : spec.split(",")) {
            if (RANGE.matcher(address).matches()) {
                matches.add(List.of("-m", "iprange", range, address));
            } else if (NUMBER.matcher(address).matches()) {
                matches.add(List.of(single, address));
            } else if (!address.contains(":")) {
                return Optional.empty();
            }
        }
        return Optional.of(matches);
    }
}

package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.simulator.filter.FilterRule;
import io.containr.simulator.filter.Verdict;
import io.containr.simulator.guest.Guest.Firewall;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirewallRulesTest {

    @Test
    void everyAddressOfASetAndOfAListIsALine() {
        FirewallRules rules = rules(
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "source", "+guest/project"),
                Map.of(
                        "enable",
                        "1",
                        "type",
                        "in",
                        "action",
                        "DROP",
                        "source",
                        "10.0.0.0/24,10.1.0.1-10.1.0.9,fe80::1",
                        "proto",
                        "tcp",
                        "dport",
                        "80,8000:8100"),
                Map.of("enable", "0", "type", "in", "action", "ACCEPT"),
                Map.of("enable", "1", "type", "out", "action", "REJECT", "dest", "::/0"));
        assertThat(rules.of("in"))
                .containsExactly(
                        new FilterRule(List.of("-s", "10.9.0.2"), Verdict.ACCEPT),
                        new FilterRule(List.of("-s", "10.9.0.3"), Verdict.ACCEPT),
                        new FilterRule(
                                List.of(
                                        "-s",
                                        "10.0.0.0/24",
                                        "-p",
                                        "tcp",
                                        "-m",
                                        "multiport",
                                        "--dports",
                                        "80,8000:8100"),
                                Verdict.DROP),
                        new FilterRule(
                                List.of(
                                        "-m",
                                        "iprange",
                                        "--src-range",
                                        "10.1.0.1-10.1.0.9",
                                        "-p",
                                        "tcp",
                                        "-m",
                                        "multiport",
                                        "--dports",
                                        "80,8000:8100"),
                                Verdict.DROP));
        assertThat(rules.of("out")).isEmpty();
        assertThat(rules.unknown()).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodReachesNoCommand() {
        FirewallRules rules = rules(
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "source", "10.0.0.1 -j ACCEPT"),
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "proto", "tcp\n-F"),
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "proto", "tcp", "dport", "80 -j ACCEPT"),
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "macro", "SSH"),
                Map.of("enable", "1", "type", "group", "action", "web"),
                Map.of("enable", "1", "type", "in", "action", "ACCEPT", "source", "+unknown"));
        assertThat(rules.of("in")).isEmpty();
        assertThat(rules.unknown()).hasSize(6);
    }

    @SafeVarargs
    private static FirewallRules rules(Map<String, String>... rules) {
        return new FirewallRules(
                new Firewall(Map.of(), List.of(rules), Map.of("project", List.of("10.9.0.2", "10.9.0.3"))));
    }
}

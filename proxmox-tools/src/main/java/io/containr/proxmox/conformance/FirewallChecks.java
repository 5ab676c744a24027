package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.FirewallRule;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A guest's firewall takes the agent's rules, in their order, and its set of addresses. */
final class FirewallChecks {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/firewall";
    private static final String SET = "containr-conformance";

    private final Lab lab;

    FirewallChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(
                new Check("firewall", "rules are put in their order, twice the same", this::rules),
                new Check("firewall", "a set follows its members", this::members),
                new Check("firewall", "a node tells its addresses", this::addresses));
    }

    private String rules() {
        lab.need(GuestChecks.CREATED);
        List<FirewallRule> put = List.of(
                FirewallRule.from("192.0.2.0/24,198.51.100.7", "first"),
                FirewallRule.from("+" + SET, "second"),
                FirewallRule.to("192.0.2.1", "tcp", 8108, "third"),
                FirewallRule.notTo("192.0.2.1,192.0.2.2", "fourth"),
                FirewallRule.notTo("::/0", "fifth"));
        for (int time = 0; time < 2; time++) {
            lab.firewall().protect(lab.node(), lab.vmid(0), put, SET, List.of("192.0.2.9"));
            JsonNode rules = lab.http().get(BASE + "/rules", lab.node(), lab.vmid(0));
            List<String> comments = rules.valueStream()
                    .map(rule -> rule.path("comment").asString("").strip())
                    .toList();
            unless(comments.equals(List.of("first", "second", "third", "fourth", "fifth")), rules.toString());
            unless(rules.valueStream().allMatch(rule -> rule.path("enable").asInt(0) == 1), rules.toString());
        }
        JsonNode options = lab.http().get(BASE + "/options", lab.node(), lab.vmid(0));
        unless(options.path("enable").asInt(0) == 1, options.toString());
        unless(options.path("policy_in").asString("").equals("DROP"), options.toString());
        return options.toString();
    }

    private String members() {
        lab.need(GuestChecks.CREATED);
        for (List<String> wanted : List.of(List.of("192.0.2.7", "192.0.2.8"), List.of("192.0.2.8", "192.0.2.9"))) {
            lab.firewall().admit(lab.node(), lab.vmid(0), SET, wanted);
            JsonNode members = lab.http().get(BASE + "/ipset/{set}", lab.node(), lab.vmid(0), SET);
            unless(
                    members.valueStream()
                            .map(member -> member.path("cidr").asString(""))
                            .sorted()
                            .toList()
                            .equals(wanted),
                    members.toString());
        }
        return "two of them, one replaced";
    }

    private String addresses() {
        Set<String> addresses = lab.firewall().addresses(lab.node());
        unless(!addresses.isEmpty(), "none");
        return String.join(", ", addresses);
    }
}

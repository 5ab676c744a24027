package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.FirewallRule;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A guest's firewall takes the agent's rules, in their order. */
final class FirewallChecks {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/firewall";

    private final Lab lab;

    FirewallChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(new Check("firewall", "rules are put in their order, twice the same", this::rules));
    }

    private String rules() {
        lab.need(GuestChecks.CREATED);
        List<FirewallRule> inbound = List.of(
                new FirewallRule("192.0.2.0/24", 8080, "first"), new FirewallRule("198.51.100.7", null, "second"));
        for (int time = 0; time < 2; time++) {
            lab.proxmox().protect(lab.node(), lab.vmid(0), inbound);
            JsonNode rules = lab.http().get(BASE + "/rules", lab.node(), lab.vmid(0));
            List<String> comments = rules.valueStream()
                    .map(rule -> rule.path("comment").asString("").strip())
                    .toList();
            unless(comments.equals(List.of("first", "second")), rules.toString());
            unless(rules.valueStream().allMatch(rule -> rule.path("enable").asInt(0) == 1), rules.toString());
        }
        JsonNode options = lab.http().get(BASE + "/options", lab.node(), lab.vmid(0));
        unless(options.path("enable").asInt(0) == 1, options.toString());
        unless(options.path("policy_in").asString("").equals("DROP"), options.toString());
        return options.toString();
    }
}

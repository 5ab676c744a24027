package io.containr.agent.proxmox;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Firewalls by the REST API. New rules go to the top, so they are added in reverse. */
final class ProxmoxFirewallClient implements ProxmoxFirewall {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/firewall";
    private static final String SETS = BASE + "/ipset";
    private static final String MEMBERS = SETS + "/{set}";

    private final ProxmoxTransport http;

    ProxmoxFirewallClient(ProxmoxTransport http) {
        this.http = http;
    }

    @Override
    public void protect(String node, int vmid, List<FirewallRule> rules, String set, Collection<String> members) {
        // A rule is refused that names a set which is not there yet.
        admit(node, vmid, set, members);
        String path = BASE + "/rules";
        long present = http.list(path, node, vmid).count();
        for (long rule = 0; rule < present; rule++) {
            http.delete(path + "/0", node, vmid);
        }
        for (FirewallRule rule : rules.reversed()) {
            http.post(form(rule), path, node, vmid);
        }
        http.put(
                Map.of("enable", "1", "policy_in", "DROP", "policy_out", "ACCEPT", "ipfilter", "1", "macfilter", "1"),
                BASE + "/options",
                node,
                vmid);
    }

    private static Map<String, String> form(FirewallRule rule) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("type", rule.direction().name().toLowerCase(Locale.ROOT));
        form.put("action", rule.action().name());
        form.put("enable", "1");
        form.put(rule.direction() == FirewallRule.Direction.IN ? "source" : "dest", rule.peer());
        form.put("comment", rule.comment());
        if (rule.protocol() != null) {
            form.put("proto", rule.protocol());
        }
        if (rule.port() != null) {
            form.put("dport", rule.port().toString());
        }
        return form;
    }

    @Override
    public void admit(String node, int vmid, String set, Collection<String> members) {
        boolean there = http.list(SETS, node, vmid)
                .anyMatch(each -> each.path("name").asString("").equals(set));
        if (!there) {
            http.post(Map.of("name", set), SETS, node, vmid);
        }
        Set<String> present = there ? members(node, vmid, set) : Set.of();
        Set<String> wanted = new TreeSet<>(members);
        present.stream()
                .filter(member -> !wanted.contains(member))
                .forEach(member -> http.delete(MEMBERS + "/{cidr}", node, vmid, set, member));
        wanted.stream().filter(member -> !present.contains(member)).forEach(member -> add(node, vmid, set, member));
    }

    /** Added by somebody else meanwhile is as good. */
    private void add(String node, int vmid, String set, String member) {
        try {
            http.post(Map.of("cidr", member), MEMBERS, node, vmid, set);
        } catch (ProxmoxException e) {
            if (!members(node, vmid, set).contains(member)) {
                throw e;
            }
        }
    }

    private Set<String> members(String node, int vmid, String set) {
        return http.list(MEMBERS, node, vmid, set)
                .map(member -> member.path("cidr").asString(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Set<String> addresses(String node) {
        return http.list("/nodes/{node}/network", node)
                .map(device -> device.path("address").asString(""))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}

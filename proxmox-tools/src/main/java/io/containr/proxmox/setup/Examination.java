package io.containr.proxmox.setup;

import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.ProxmoxTransport;
import io.containr.agent.proxmox.SupportedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks at a cluster with the rights of whoever calls, changes nothing, and says how to mend what is wrong. */
public final class Examination {

    private static final double GETTING_FULL = 0.85;
    private static final double FULL = 0.95;

    /**
     * What the agent will use.
     *
     * @param repository one of the registry that is there, with the registry: {@code registry:5000/apps/web}; null: not asked
     */
    public record Use(
            String templateStorage,
            String rootStorage,
            String backupStorage,
            @Nullable String repository) {}

    private final ProxmoxTransport http;
    private final AgentRights rights;
    private final Use use;
    private final List<Finding> findings = new ArrayList<>();

    public Examination(ProxmoxTransport http, AgentRights rights, Use use) {
        this.http = http;
        this.rights = rights;
        this.use = use;
    }

    /** What every cluster needs. */
    public List<Finding> ofCluster() {
        look("the version", this::version);
        look("the quorum", this::quorum);
        look("the nodes", this::nodes);
        for (String node : rights.nodes()) {
            look("the storages of " + node, () -> storages(node));
            look("the bridge of " + node, () -> bridge(node));
            look("the registry, from " + node, () -> registry(node));
        }
        look("the datacenter's firewall", this::firewall);
        return List.copyOf(findings);
    }

    /** Besides, what may have gone wrong with the agent's own: called with the agent's token. */
    public List<Finding> ofAgent() {
        look("the token's rights", this::rights);
        for (String node : rights.nodes()) {
            look("the guests of " + node, () -> guests(node));
        }
        return ofCluster();
    }

    private interface Look {
        List<Finding> at();
    }

    private void look(String subject, Look look) {
        try {
            findings.addAll(look.at());
        } catch (ProxmoxException e) {
            findings.add(
                    e.is(ProxmoxFailure.DENIED)
                            ? Finding.note(
                                    subject + " cannot be seen with this token",
                                    "run it with an administrator's --token-file, or look yourself (" + e.getMessage()
                                            + ")")
                            : refused(subject, e));
        }
    }

    /** What a call means that was refused, or not answered. */
    public static Finding refused(String subject, ProxmoxException refusal) {
        return Finding.wrong(subject + ": " + refusal.getMessage(), remedy(refusal.failure()));
    }

    private static String remedy(ProxmoxFailure failure) {
        return switch (failure) {
            case UNAUTHENTICATED ->
                "the token is wrong, was removed or ran out: make another with 'proxmox setup --renew-token'";
            case UNAVAILABLE, OUTCOME_UNKNOWN ->
                "see whether the node is up and its pveproxy and pvedaemon run: systemctl status pveproxy pvedaemon";
            default -> "look into the node's journal: journalctl -u pvedaemon -u pveproxy";
        };
    }

    private List<Finding> version() {
        String version = http.get("/version").path("version").asString("");
        return List.of(
                SupportedVersion.isSupported(version)
                        ? Finding.good("Proxmox VE " + version)
                        : Finding.wrong(
                                "Proxmox VE " + version + " cannot run guests from OCI images",
                                "upgrade to 9.1 or newer"));
    }

    private List<Finding> quorum() {
        return http.get("/cluster/status")
                .valueStream()
                .filter(entry -> entry.path("type").asString("").equals("cluster"))
                .map(cluster -> cluster.path("quorate").asInt(0) == 1
                        ? Finding.good("the cluster is quorate")
                        : Finding.wrong(
                                "the cluster has no quorum: nothing can be changed",
                                "bring nodes back; 'pvecm status' on a node shows which votes are missing"))
                .toList();
    }

    private List<Finding> nodes() {
        JsonNode resources = http.get("/cluster/resources?type=node");
        return rights.nodes().stream()
                .map(name -> resources
                        .valueStream()
                        .filter(node -> node.path("node").asString("").equals(name))
                        .findFirst()
                        .map(
                                node -> node.path("status").asString("").equals("online")
                                        ? Finding.good("node " + name + " is online")
                                        : Finding.wrong(
                                                "node " + name + " is "
                                                        + node.path("status").asString("unknown"),
                                                "bring it back; its instances count as lost after the agent's watch.node-grace"))
                        .orElse(Finding.wrong("there is no node " + name, "name the nodes with --node")))
                .toList();
    }

    private List<Finding> storages(String node) {
        JsonNode storages = http.get("/nodes/{node}/storage?enabled=1", node);
        return Stream.of(
                        storage(storages, node, use.templateStorage(), "vztmpl"),
                        storage(storages, node, use.rootStorage(), "rootdir"),
                        storage(storages, node, use.backupStorage(), "backup"),
                        room(storages, node))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Finding> storage(JsonNode storages, String node, String name, String content) {
        JsonNode storage = storages.valueStream()
                .filter(each -> each.path("storage").asString("").equals(name))
                .findFirst()
                .orElse(null);
        if (storage == null) {
            return List.of(Finding.wrong(
                    "node " + node + " has no storage " + name + " that can be seen",
                    "make it, or name another; the token needs Datastore.Audit on /storage/" + name));
        }
        Set<String> kinds =
                new TreeSet<>(Arrays.asList(storage.path("content").asString("").split(",")));
        if (kinds.add(content)) {
            return List.of(Finding.wrong(
                    "storage " + name + " of node " + node + " does not take " + content,
                    "pvesm set " + name + " --content " + String.join(",", kinds)));
        }
        return List.of(Finding.good("storage " + name + " of node " + node + " takes " + content));
    }

    private List<Finding> room(JsonNode storages, String node) {
        Set<String> used = Set.copyOf(rights.storages());
        return storages.valueStream()
                .filter(storage -> used.contains(storage.path("storage").asString("")))
                .filter(storage -> fraction(storage) >= GETTING_FULL)
                .map(storage -> {
                    String what = "storage %s of node %s is %d %% full"
                            .formatted(storage.path("storage").asString(""), node, Math.round(fraction(storage) * 100));
                    String remedy = "free or add space; images that nobody needs go by themselves after a while";
                    return fraction(storage) >= FULL ? Finding.wrong(what, remedy) : Finding.note(what, remedy);
                })
                .toList();
    }

    private static double fraction(JsonNode storage) {
        double total = storage.path("total").asDouble(0);
        return total == 0 ? 0 : storage.path("used").asDouble(0) / total;
    }

    private List<Finding> bridge(String node) {
        String bridge = rights.bridge();
        Set<String> bridges = http.get("/nodes/{node}/network?type=any_bridge", node)
                .valueStream()
                .map(each -> each.path("iface").asString(""))
                .collect(Collectors.toCollection(TreeSet::new));
        return List.of(
                bridges.contains(bridge)
                        ? Finding.good("node " + node + " has the bridge " + bridge)
                        : Finding.wrong(
                                "node " + node + " has no bridge " + bridge + ", but " + bridges,
                                "make it on the node, or name another with --bridge"));
    }

    private List<Finding> registry(String node) {
        String repository = use.repository();
        if (repository == null) {
            return List.of();
        }
        String registry = repository.replaceFirst("/.*", "");
        try {
            int tags = http.get("/nodes/{node}/query-oci-repo-tags?reference={repository}", node, repository)
                    .size();
            return List.of(Finding.good("node " + node + " reads " + repository + ", " + tags + " tags"));
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.DENIED)) {
                throw e;
            }
            return List.of(Finding.wrong(
                    "node " + node + " cannot read " + repository + ": " + e.getMessage(), NodeFiles.of(registry)));
        }
    }

    private List<Finding> firewall() {
        return List.of(
                http.get("/cluster/firewall/options").path("enable").asInt(0) == 1
                        ? Finding.good("the datacenter's firewall is on")
                        : Finding.note(
                                "the datacenter's firewall is off: those of guests have no effect, tenants reach each other",
                                "let the nodes' own ports through first (8006, 22), then: pvesh set"
                                        + " /cluster/firewall/options --enable 1"));
    }

    private List<Finding> rights() {
        List<Finding> missing = new ArrayList<>();
        rights.missing(http.get("/access/permissions"))
                .forEach((path, privileges) -> missing.add(Finding.wrong(
                        "the token lacks " + String.join(", ", privileges) + " on " + path, rights.grant(path))));
        return missing.isEmpty() ? List.of(Finding.good("the token has the rights it needs")) : missing;
    }

    private List<Finding> guests(String node) {
        Set<String> busy = http.get("/nodes/{node}/tasks?source=active", node)
                .valueStream()
                .map(task -> task.path("id").asString(""))
                .collect(Collectors.toSet());
        Supplier<Stream<JsonNode>> guests =
                () -> http.get("/nodes/{node}/lxc", node).valueStream();
        List<Finding> stuck = guests.get()
                .filter(guest -> !guest.path("lock").asString("").isEmpty())
                .filter(guest -> !busy.contains(guest.path("vmid").asString("")))
                .map(guest -> locked(node, guest))
                .toList();
        return stuck.isEmpty() ? List.of(Finding.good("no guest of node " + node + " is stuck")) : stuck;
    }

    private static Finding locked(String node, JsonNode guest) {
        String vmid = guest.path("vmid").asString("");
        String lock = guest.path("lock").asString("");
        boolean stub = lock.equals("create");
        return Finding.wrong(
                "guest %s of node %s is locked (%s), and nothing works on it".formatted(vmid, node, lock),
                "on the node: pct unlock " + vmid
                        + (stub
                                ? " && pct destroy " + vmid + " --purge   # half made; the agent has made another"
                                : "   # no call of the API can do that"));
    }
}

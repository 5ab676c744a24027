package io.containr.proxmox.setup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The rights that the agent needs; nothing that it does takes more.
 *
 * @param user such as {@code containr@pve}
 * @param tokenId the token's name, without the user
 * @param storages for images, disks and backups
 */
public record AgentRights(
        String pool,
        String user,
        String tokenId,
        Collection<String> nodes,
        Collection<String> storages,
        String bridge) {

    private static final String GUESTS = "ContainrGuests";
    private static final String STORAGE = "ContainrStorage";
    private static final String NETWORK = "ContainrNetwork";
    private static final String NODE = "ContainrNode";

    private static final Map<String, Set<String>> ROLES = new TreeMap<>(Map.of(
            GUESTS,
            privileges(
                    "Pool.Audit",
                    "VM.Allocate",
                    "VM.Audit",
                    "VM.Backup",
                    "VM.Config.CPU",
                    "VM.Config.Disk",
                    "VM.Config.Memory",
                    "VM.Config.Network",
                    "VM.Config.Options",
                    "VM.PowerMgmt",
                    "VM.Snapshot",
                    "VM.Snapshot.Rollback"),
            STORAGE,
            privileges(
                    "Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"),
            NETWORK,
            privileges("SDN.Use"),
            NODE,
            privileges("Sys.AccessNetwork", "Sys.Audit")));

    public AgentRights {
        nodes = new TreeSet<>(nodes);
        storages = new TreeSet<>(storages);
    }

    private static Set<String> privileges(String... names) {
        return new TreeSet<>(Set.of(names));
    }

    /** Such as {@code containr@pve!agent}. */
    public String token() {
        return user + "!" + tokenId;
    }

    /** Privileges by role. */
    static Map<String, Set<String>> roles() {
        return ROLES;
    }

    /** The role that user and token have on each path. */
    Map<String, String> grants() {
        Map<String, String> grants = new TreeMap<>();
        grants.put("/pool/" + pool, GUESTS);
        storages.forEach(storage -> grants.put("/storage/" + storage, STORAGE));
        grants.put("/sdn/zones/localnetwork/" + bridge, NETWORK);
        nodes.forEach(node -> grants.put("/nodes/" + node, NODE));
        return grants;
    }

    /** Paths, each with the privileges that are not held there. */
    public Map<String, Set<String>> missing(JsonNode permissions) {
        Map<String, Set<String>> missing = new TreeMap<>();
        grants().forEach((path, role) -> {
            JsonNode held = effective(permissions, path);
            Set<String> lacking = new TreeSet<>(roles().get(role));
            lacking.removeIf(held::has);
            if (!lacking.isEmpty()) {
                missing.put(path, lacking);
            }
        });
        return missing;
    }

    /** The listing names only paths with an entry; what is granted above reaches below. */
    private static JsonNode effective(JsonNode permissions, String path) {
        String at = path;
        while (!permissions.has(at) && at.length() > 1) {
            at = at.lastIndexOf('/') == 0 ? "/" : at.substring(0, at.lastIndexOf('/'));
        }
        return permissions.path(at);
    }

    /** What root types on a node to set all of it up. */
    public List<String> commands() {
        List<String> lines = new ArrayList<>();
        roles().forEach((role, privileges) ->
                lines.add("pveum role add " + role + " --privs \"" + String.join(" ", privileges) + "\""));
        lines.add("pveum pool add " + pool);
        lines.add("pveum user add " + user);
        lines.add("pveum user token add " + user + " " + tokenId + " --privsep 1");
        grants().keySet().forEach(path -> lines.add(grant(path)));
        return lines;
    }

    /** What root types to grant what is needed on a path. */
    String grant(String path) {
        return "pveum acl modify " + path + " --users " + user + " --tokens '" + token() + "' --roles "
                + grants().get(path);
    }
}

package io.containr.proxmox.conformance;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rights that the agent needs, by path; nothing that it does takes more. */
public final class AgentRights {

    /** On the pool. */
    public static final Set<String> GUESTS = sorted(
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
            "VM.Snapshot.Rollback");

    /** On each storage it uses. */
    public static final Set<String> STORAGE =
            sorted("Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit");

    /** On the bridge. */
    public static final Set<String> NETWORK = sorted("SDN.Use");

    /** On each node. */
    public static final Set<String> NODE = sorted("Sys.AccessNetwork", "Sys.Audit");

    private AgentRights() {}

    static Map<String, Set<String>> of(String pool, String node, Collection<String> storages, String bridge) {
        Map<String, Set<String>> rights = new TreeMap<>();
        rights.put("/pool/" + pool, GUESTS);
        storages.forEach(storage -> rights.put("/storage/" + storage, STORAGE));
        rights.put("/sdn/zones/localnetwork/" + bridge, NETWORK);
        rights.put("/nodes/" + node, NODE);
        return rights;
    }

    private static Set<String> sorted(String... privileges) {
        return new TreeSet<>(Set.of(privileges));
    }
}

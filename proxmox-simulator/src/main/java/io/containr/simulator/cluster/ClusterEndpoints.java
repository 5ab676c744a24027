package io.containr.simulator.cluster;

import io.containr.simulator.access.AccessControl;
import io.containr.simulator.access.Caller;
import io.containr.simulator.access.Pools;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Bridge;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.guest.Guests;
import io.containr.simulator.guest.StatusView;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.storage.Storages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Version, nodes, and the views over the whole cluster. What a caller may not see is left out, not refused. */
public final class ClusterEndpoints {

    private static final int FIRST_VMID = 100;
    private static final int LAST_VMID = 999_999_999;

    private final Nodes nodes;
    private final Guests guests;
    private final StatusView view;
    private final Storages storages;
    private final AccessControl access;
    private final Pools pools;
    private final Faults faults;
    private final Bridge bridge;

    public ClusterEndpoints(
            Nodes nodes,
            Guests guests,
            StatusView view,
            Storages storages,
            AccessControl access,
            Pools pools,
            Faults faults,
            Bridge bridge) {
        this.nodes = nodes;
        this.guests = guests;
        this.view = view;
        this.storages = storages;
        this.access = access;
        this.pools = pools;
        this.faults = faults;
        this.bridge = bridge;
    }

    public void addTo(Router router) {
        router.add(
                        "GET /version",
                        _ -> Map.of("version", Version.FULL, "release", Version.RELEASE, "repoid", Version.REPOSITORY))
                .add("GET /nodes", this::nodes)
                .add("GET /nodes/{node}/status", call -> nodes.status(call.node()))
                .add("GET /nodes/{node}/network", this::network)
                .add("GET /cluster/status", this::status)
                .add("GET /cluster/nextid", this::nextId)
                .add("GET /cluster/resources", this::resources)
                .add("GET /pools", this::pools)
                .add("GET /pools/{poolid}", call -> pool(pools.get(call.text("poolid")), call.caller()));
    }

    private Object nodes(Call call) {
        return nodes.all().stream()
                .map(node -> {
                    Map<String, Object> shown = node(node, call.caller());
                    shown.put("ssl_fingerprint", nodes.fingerprint());
                    return shown;
                })
                .toList();
    }

    private Map<String, Object> node(NodeSpec node, Caller caller) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", "node/" + node.name());
        shown.put("type", "node");
        shown.put("node", node.name());
        shown.put("level", "");
        boolean online = nodes.online(node.name());
        shown.put("status", online ? "online" : "offline");
        if (nodes.maintained(node.name())) {
            shown.put("hastate", "maintenance");
        }
        if (online && access.allowed(caller, "/nodes/" + node.name(), "Sys.Audit")) {
            shown.put("uptime", nodes.uptime());
            shown.put("cpu", 0.05);
            shown.put("maxcpu", node.processors());
            shown.put("mem", nodes.usedMemory(node));
            shown.put("maxmem", node.memoryBytes());
            shown.put("disk", nodes.usedDisk(node.name()));
            shown.put("maxdisk", nodes.disk());
        }
        return shown;
    }

    private Object network(Call call) {
        return List.of(Map.of(
                "iface",
                "vmbr0",
                "type",
                "bridge",
                "active",
                1,
                "autostart",
                1,
                "method",
                "static",
                "cidr",
                bridge.gateway() + bridge.subnet().substring(bridge.subnet().indexOf('/')),
                "address",
                bridge.gateway()));
    }

    private Object status(Call call) {
        List<Map<String, Object>> shown = new ArrayList<>();
        shown.add(Map.of(
                "type",
                "cluster",
                "id",
                "cluster",
                "name",
                "containr",
                "nodes",
                nodes.all().size(),
                "quorate",
                faults.quorate() ? 1 : 0,
                "version",
                nodes.all().size()));
        int number = 1;
        for (NodeSpec node : nodes.all()) {
            shown.add(Map.of(
                    "type",
                    "node",
                    "id",
                    "node/" + node.name(),
                    "name",
                    node.name(),
                    "nodeid",
                    number,
                    "ip",
                    "127.0.0.1",
                    "local",
                    number == 1 ? 1 : 0,
                    "level",
                    "",
                    "online",
                    nodes.online(node.name()) ? 1 : 0));
            number++;
        }
        return shown;
    }

    private Object nextId(Call call) {
        if (call.has("vmid")) {
            if (guests.exists(call.vmid())) {
                throw ApiException.invalid("vmid", "VM " + call.vmid() + " already exists");
            }
            return call.text("vmid");
        }
        for (int vmid = FIRST_VMID; vmid <= LAST_VMID; vmid++) {
            if (!guests.exists(vmid)) {
                return String.valueOf(vmid);
            }
        }
        throw ApiException.failed("unable to get any free VMID");
    }

    private Object resources(Call call) {
        String type = call.text("type", "");
        List<Map<String, Object>> shown = new ArrayList<>();
        if (type.isEmpty()) {
            pools.all().keySet().stream()
                    .filter(pool -> access.allowed(call.caller(), "/pool/" + pool, "Pool.Audit"))
                    .forEach(pool -> shown.add(Map.of("id", "/pool/" + pool, "type", "pool", "pool", pool)));
        }
        if (type.isEmpty() || type.equals("vm")) {
            guestsSeen(call.caller()).forEach(guest -> shown.add(guest.shown()));
        }
        if (type.isEmpty() || type.equals("node")) {
            nodes.all().forEach(node -> {
                Map<String, Object> entry = node(node, call.caller());
                entry.put("cgroup-mode", 2);
                shown.add(entry);
            });
        }
        if (type.isEmpty() || type.equals("storage")) {
            nodes.all().forEach(node -> storages(node, call.caller()).forEach(shown::add));
        }
        return shown;
    }

    private List<StatusView.Resource> guestsSeen(Caller caller) {
        return view.resources().stream()
                .filter(guest -> access.allowed(caller, "/vms/" + guest.vmid(), "VM.Audit"))
                .toList();
    }

    private List<Map<String, Object>> storages(NodeSpec node, Caller caller) {
        return storages.specs().stream()
                .filter(storage -> access.allowed(
                        caller,
                        "/storage/" + storage.id(),
                        true,
                        List.of("Datastore.Audit", "Datastore.AllocateSpace")))
                .map(storage -> storage(node, storage))
                .toList();
    }

    private Map<String, Object> storage(NodeSpec node, StorageSpec storage) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", "storage/" + node.name() + "/" + storage.id());
        shown.put("type", "storage");
        shown.put("node", node.name());
        shown.put("storage", storage.id());
        shown.put("plugintype", storage.type() == StorageSpec.Type.DIR ? "dir" : "lvmthin");
        shown.put("content", storage.contentText());
        shown.put("shared", 0);
        shown.put("status", nodes.online(node.name()) ? "available" : "unknown");
        shown.put("disk", storages.used(node.name(), storage.id()));
        shown.put("maxdisk", storage.bytes());
        return shown;
    }

    private Object pools(Call call) {
        if (call.has("poolid")) {
            access.require(call.caller(), "/pool/" + call.text("poolid"), "Pool.Audit");
            return List.of(pool(pools.get(call.text("poolid")), call.caller()));
        }
        return pools.all().values().stream()
                .filter(pool -> access.allowed(call.caller(), "/pool/" + pool.id(), "Pool.Audit"))
                .map(pool -> Map.of("poolid", pool.id(), "comment", pool.comment()))
                .toList();
    }

    private Map<String, Object> pool(Pools.Pool pool, Caller caller) {
        List<Map<String, Object>> members = new ArrayList<>();
        guestsSeen(caller).stream()
                .filter(guest -> pool.guests().contains(guest.vmid()))
                .forEach(guest -> {
                    Map<String, Object> member = new LinkedHashMap<>(guest.shown());
                    member.remove("pool");
                    member.remove("tags");
                    members.add(member);
                });
        nodes.all()
                .forEach(node -> storages.specs().stream()
                        .filter(storage -> pool.storages().contains(storage.id()))
                        .forEach(storage -> members.add(storage(node, storage))));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("poolid", pool.id());
        shown.put("comment", pool.comment());
        shown.put("members", members);
        return shown;
    }
}

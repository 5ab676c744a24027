package io.containr.agent.proxmox;

import io.containr.contracts.project.Resources;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@link Proxmox} over its REST API. Types are read loosely: the same field comes as a number or as text. */
final class ProxmoxClient implements Proxmox {

    /** The mount point that holds a service's volume; its guests have no other. */
    private static final String VOLUME = "mp0";

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private final ProxmoxTransport http;

    ProxmoxClient(ProxmoxTransport http) {
        this.http = http;
    }

    @Override
    public String version() {
        return http.object("/version").path("version").asString();
    }

    @Override
    public ClusterView cluster() {
        List<JsonNode> resources = http.list("/cluster/resources").toList();
        return new ClusterView(
                resources.stream()
                        .filter(each -> is(each, "node"))
                        .map(ProxmoxClient::node)
                        .toList(),
                resources.stream()
                        .filter(each -> is(each, "lxc"))
                        .map(ProxmoxClient::guest)
                        .toList());
    }

    @Override
    public List<ClusterView.Node> nodes() {
        return http.list("/cluster/resources?type=node")
                .map(ProxmoxClient::node)
                .toList();
    }

    @Override
    public List<StorageSpace> storages() {
        return http.list("/cluster/resources?type=storage")
                .filter(each -> each.path("status").asString("").equals("available"))
                .map(each -> new StorageSpace(
                        each.path("node").asString(),
                        each.path("storage").asString(),
                        each.path("disk").asLong(0),
                        each.path("maxdisk").asLong(0)))
                .toList();
    }

    private static boolean is(JsonNode resource, String type) {
        return resource.path("type").asString("").equals(type);
    }

    private static ClusterView.Node node(JsonNode node) {
        double processors = node.path("maxcpu").asDouble(0);
        return new ClusterView.Node(
                node.path("node").asString(),
                node.path("status").asString("").equals("online"),
                node.path("hastate").asString("").equals("maintenance"),
                node.path("maxmem").asLong(0),
                node.path("mem").asLong(0),
                (int) Math.round(1000 * processors),
                (int) Math.round(1000 * processors * node.path("cpu").asDouble(0)));
    }

    private static ClusterView.Guest guest(JsonNode guest) {
        return new ClusterView.Guest(
                guest.path("vmid").asInt(),
                guest.path("node").asString(),
                guest.path("status").asString("unknown"),
                text(guest, "pool"),
                tags(text(guest, "tags")),
                (int) (guest.path("maxmem").asLong(0) >> 20),
                (int) Math.round(1000 * guest.path("maxcpu").asDouble(0)));
    }

    @Override
    public boolean isFree(int vmid) {
        try {
            http.get("/cluster/nextid?vmid={vmid}", vmid);
            return true;
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.EXISTS)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Upid pullImage(String node, String storage, String reference, String fileName) {
        return upid(http.post(
                Map.of("reference", reference, "filename", fileName),
                "/nodes/{node}/storage/{storage}/oci-registry-pull",
                node,
                storage));
    }

    @Override
    public List<String> templates(String node, String storage) {
        return http.list("/nodes/{node}/storage/{storage}/content?content=vztmpl", node, storage)
                .map(entry -> entry.path("volid").asString())
                .toList();
    }

    @Override
    public void deleteTemplate(String node, String storage, String volumeId) {
        try {
            http.delete("/nodes/{node}/storage/{storage}/content/{volume}?delay=10", node, storage, volumeId);
        } catch (ProxmoxException e) {
            if (!e.is(ProxmoxFailure.MISSING)) {
                throw e;
            }
        }
    }

    @Override
    public Upid create(String node, GuestPlan plan) {
        return upid(http.post(form(plan), "/nodes/{node}/lxc", node));
    }

    private static Map<String, String> form(GuestPlan plan) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("vmid", Integer.toString(plan.vmid()));
        form.put("ostemplate", plan.template());
        form.put("hostname", plan.hostname());
        form.put("description", plan.description());
        form.put("pool", plan.pool());
        form.put("ostype", "unmanaged");
        form.put("unprivileged", "1");
        form.put("features", "nesting=1");
        form.put("rootfs", plan.rootStorage() + ":" + gibibytes(plan.resources().diskMiB()));
        form.putAll(limits(plan.resources()));
        form.put("swap", "0");
        form.put(
                "net0",
                String.join(
                        ",",
                        "name=eth0",
                        "bridge=" + plan.bridge(),
                        "firewall=" + (plan.firewall() ? 1 : 0),
                        "gw=" + plan.gateway(),
                        "host-managed=1",
                        "ip=" + plan.address(),
                        "type=veth"));
        form.put("onboot", plan.startsWithNode() ? "1" : "0");
        return form;
    }

    private static Map<String, String> limits(Resources resources) {
        return Map.of(
                "memory", Integer.toString(resources.memoryMiB()),
                "cores", Integer.toString(Math.ceilDiv(resources.cpuMillis(), 1000)),
                "cpulimit", thousandths(resources.cpuMillis()));
    }

    private static String gibibytes(int mebibytes) {
        return BigDecimal.valueOf(mebibytes)
                .divide(BigDecimal.valueOf(1024), 3, RoundingMode.UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String thousandths(int value) {
        return BigDecimal.valueOf(value, 3).stripTrailingZeros().toPlainString();
    }

    @Override
    public Optional<GuestStatus> status(String node, int vmid) {
        return present(() -> {
            JsonNode status = http.object("/nodes/{node}/lxc/{vmid}/status/current", node, vmid);
            return new GuestStatus(status.path("status").asString("").equals("running"), text(status, "lock"));
        });
    }

    @Override
    public GuestConfig config(String node, int vmid) {
        JsonNode config = http.object("/nodes/{node}/lxc/{vmid}/config?current=1", node, vmid);
        return new GuestConfig(
                config.path("digest").asString(""),
                config.path("description").asString("").strip(),
                tags(text(config, "tags")),
                Mount.parse(text(config, VOLUME)),
                config.path("memory").asInt(0),
                cpuMillis(config));
    }

    /** Numbers come as text or as numbers; a limit of 0 is none. */
    private static int cpuMillis(JsonNode config) {
        double limit = config.path("cpulimit").asDouble(0);
        return (int) Math.round(1000 * (limit > 0 ? limit : config.path("cores").asDouble(0)));
    }

    @Override
    public void restore(String node, int vmid, GuestConfig read, Resources resources, SortedSet<String> tags) {
        Map<String, String> form = new LinkedHashMap<>(limits(resources));
        form.put("tags", String.join(";", tags));
        form.put("digest", read.digest());
        http.put(form, "/nodes/{node}/lxc/{vmid}/config", node, vmid);
    }

    @Override
    public void configure(String node, int vmid, GuestConfig read, GuestChange change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("entrypoint", change.entrypoint());
        form.put(
                "env",
                new TreeMap<>(change.environment())
                        .entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .collect(Collectors.joining("\0")));
        form.put("tags", String.join(";", change.tags()));
        form.put("digest", read.digest());
        http.put(form, "/nodes/{node}/lxc/{vmid}/config", node, vmid);
    }

    @Override
    public void addVolume(String node, int vmid, GuestConfig read, String storage, int sizeMiB, String path) {
        putVolume(node, vmid, read, storage + ":" + gibibytes(sizeMiB), path);
    }

    @Override
    public void mountVolume(String node, int vmid, GuestConfig read, String volume, String path) {
        Mount before = read.volume();
        // Without it the size would be missing from the configuration afterwards.
        String size = before != null && before.volume().equals(volume) ? ",size=" + before.sizeMiB() + "M" : "";
        putVolume(node, vmid, read, volume, path + size);
    }

    private void putVolume(String node, int vmid, GuestConfig read, String what, String path) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put(VOLUME, what + ",mp=" + path + ",backup=1");
        form.put("digest", read.digest());
        http.put(form, "/nodes/{node}/lxc/{vmid}/config", node, vmid);
    }

    @Override
    public Upid growVolume(String node, int vmid, int sizeMiB) {
        return upid(
                http.put(Map.of("disk", VOLUME, "size", sizeMiB + "M"), "/nodes/{node}/lxc/{vmid}/resize", node, vmid));
    }

    @Override
    public Upid moveVolume(String node, int from, int to) {
        return upid(http.post(
                Map.of("volume", VOLUME, "target-vmid", Integer.toString(to), "target-volume", VOLUME),
                "/nodes/{node}/lxc/{vmid}/move_volume",
                node,
                from));
    }

    @Override
    public Upid start(String node, int vmid) {
        return upid(http.post(Map.of(), "/nodes/{node}/lxc/{vmid}/status/start", node, vmid));
    }

    @Override
    public Upid shutdown(String node, int vmid, Duration grace) {
        return upid(http.post(
                Map.of("timeout", Long.toString(Math.max(1, grace.toSeconds())), "forceStop", "1"),
                "/nodes/{node}/lxc/{vmid}/status/shutdown",
                node,
                vmid));
    }

    @Override
    public Upid stop(String node, int vmid) {
        return upid(http.post(Map.of(), "/nodes/{node}/lxc/{vmid}/status/stop", node, vmid));
    }

    @Override
    public Upid destroy(String node, int vmid) {
        return upid(http.delete("/nodes/{node}/lxc/{vmid}?purge=1&destroy-unreferenced-disks=1", node, vmid));
    }

    @Override
    public Optional<TaskStatus> task(Upid task) {
        return present(() -> {
            JsonNode status = http.object("/nodes/{node}/tasks/{upid}/status", task.node(), task.value());
            return TaskStatus.of(status.path("status").asString(""), text(status, "exitstatus"));
        });
    }

    @Override
    public List<String> log(Upid task) {
        return http.list("/nodes/{node}/tasks/{upid}/log?limit=500", task.node(), task.value())
                .map(line -> line.path("t").asString(""))
                .toList();
    }

    @Override
    public Optional<Upid> findTask(String node, String type, String subject, Instant since, Set<Upid> others) {
        return http.list(
                        "/nodes/{node}/tasks?source=all&typefilter={type}&since={since}&limit=500",
                        node,
                        type,
                        since.minus(CLOCK_SKEW).getEpochSecond())
                .filter(task -> task.path("id").asString("").equals(subject))
                .sorted(Comparator.comparingLong(
                                (JsonNode task) -> task.path("starttime").asLong())
                        .reversed())
                .map(task -> new Upid(task.path("upid").asString()))
                .filter(task -> !others.contains(task))
                .findFirst();
    }

    @Override
    public void abort(Upid task) {
        http.delete("/nodes/{node}/tasks/{upid}", task.node(), task.value());
    }

    private static <T> Optional<T> present(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (ProxmoxException e) {
            if (e.is(ProxmoxFailure.MISSING)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static Upid upid(JsonNode data) {
        try {
            return new Upid(data.asString(""));
        } catch (IllegalArgumentException e) {
            throw new ProxmoxException(ProxmoxFailure.OUTCOME_UNKNOWN, "task", "no task id in the answer", e);
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }

    private static Set<String> tags(@Nullable String joined) {
        return joined == null
                ? Set.of()
                : Arrays.stream(joined.split("[;, ]"))
                        .filter(tag -> !tag.isBlank())
                        .collect(Collectors.toUnmodifiableSet());
    }
}

package io.containr.agent.proxmox;

import io.containr.contracts.project.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory, for tests that need many guests or odd moments. What it refuses it refuses as a real one does. A
 * guest that runs listens on its address, unless its host name begins with {@code deaf}.
 */
public class FakeCluster implements Proxmox, ProxmoxFirewall {

    private static final String STORAGE = "local";

    /** A guest as an operator would see it. */
    public static final class Guest {
        final GuestPlan plan;
        Resources resources;
        String node;
        Set<String> tags = Set.of();
        String entrypoint = "";
        Map<String, String> environment = Map.of();
        int digest;
        Set<String> admitted = Set.of();

        @Nullable
        Mount volume;

        @Nullable
        ServerSocket socket;

        boolean running;

        Guest(GuestPlan plan, String node) {
            this.plan = plan;
            this.resources = plan.resources();
            this.node = node;
        }

        public String node() {
            return node;
        }

        /** Null for one without. */
        public @Nullable Mount volume() {
            return volume;
        }

        /** Guests of one service share one volume. */
        private String service() {
            return plan.description().replaceFirst(".* of service ", "").replaceFirst(" .*", "");
        }

        public boolean running() {
            return running;
        }

        public Set<String> tags() {
            return tags;
        }

        /** Whom its firewall lets in as its project's. */
        public Set<String> admitted() {
            return admitted;
        }

        public Map<String, String> environment() {
            return environment;
        }

        public Resources resources() {
            return resources;
        }

        public GuestPlan plan() {
            return plan;
        }
    }

    private record Task(
            Upid upid, Instant started, @Nullable String failure) {}

    private static final String COPY_FAILED =
            "command 'skopeo copy docker://registry/app:1 oci-archive:app.tar' failed: exit code 1";

    private final int port;
    private final Map<Integer, Guest> guests = new TreeMap<>();
    private final Map<String, Set<String>> files = new HashMap<>();
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Set<String> offline = new TreeSet<>();
    private final Set<String> maintained = new TreeSet<>();
    private final Map<String, Integer> pulls = new HashMap<>();
    private final Set<String> volumes = new TreeSet<>();
    private final Set<String> deletable = new TreeSet<>();
    private final List<String> violations = new ArrayList<>();
    private int serial;
    private long usedOfStorage;
    private final Map<Integer, ProxmoxFailure> refused = new HashMap<>();

    /** @param port where running guests listen on their addresses */
    public FakeCluster(int port) {
        this.port = port;
        files.put("n1", new TreeSet<>());
        files.put("n2", new TreeSet<>());
    }

    public int port() {
        return port;
    }

    /** What must never happen and did. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    public synchronized Optional<Guest> byHostname(String hostname) {
        return guests.values().stream()
                .filter(guest -> guest.plan.hostname().equals(hostname))
                .findFirst();
    }

    public synchronized int guestCount() {
        return guests.size();
    }

    public synchronized int pullsOf(String fileName) {
        return pulls.getOrDefault(fileName, 0);
    }

    /** Somebody else's guest. */
    public synchronized void occupy(int vmid, GuestPlan plan) {
        guests.put(vmid, new Guest(plan, "n1"));
    }

    /** The power button. */
    public synchronized void crash(String hostname) {
        halt(byHostname(hostname).orElseThrow());
    }

    /** As an administrator of the cluster does before he works on a node. */
    public synchronized void setMaintenance(String node, boolean on) {
        if (on) {
            maintained.add(node);
        } else {
            maintained.remove(node);
        }
    }

    public synchronized void setOffline(String node, boolean isOffline) {
        if (isOffline) {
            offline.add(node);
            guests.values().stream().filter(guest -> guest.node.equals(node)).forEach(FakeCluster::halt);
        } else {
            offline.remove(node);
        }
    }

    /** As a new node, or gone for good with all that was on it. */
    public synchronized void setMember(String node, boolean isMember) {
        if (isMember) {
            files.putIfAbsent(node, new TreeSet<>());
            return;
        }
        files.remove(node);
        guests.values().stream().filter(guest -> guest.node.equals(node)).forEach(FakeCluster::halt);
        guests.values().removeIf(guest -> guest.node.equals(node));
    }

    @Override
    public String version() {
        return "9.2.11";
    }

    @Override
    public synchronized ClusterView cluster() {
        return new ClusterView(
                nodes(),
                guests.entrySet().stream()
                        .filter(guest -> guest.getValue().plan.pool().equals("containr"))
                        .map(guest -> new ClusterView.Guest(
                                guest.getKey(),
                                guest.getValue().node,
                                guest.getValue().running ? "running" : "stopped",
                                guest.getValue().plan.pool(),
                                guest.getValue().tags,
                                guest.getValue().resources.memoryMiB(),
                                guest.getValue().resources.cpuMillis()))
                        .toList());
    }

    @Override
    public synchronized List<ClusterView.Node> nodes() {
        return files.keySet().stream()
                .map(node -> new ClusterView.Node(
                        node, !offline.contains(node), maintained.contains(node), 64L << 30, 0, 16_000, 0))
                .toList();
    }

    @Override
    public synchronized List<StorageSpace> storages() {
        return files.keySet().stream()
                .map(node -> new StorageSpace(node, STORAGE, usedOfStorage, 100L << 30))
                .toList();
    }

    /** From now on the guest's limits are not changed while it runs, for that reason; null: they are again. */
    public synchronized void refuseLimits(int vmid, @Nullable ProxmoxFailure reason) {
        if (reason == null) {
            refused.remove(vmid);
        } else {
            refused.put(vmid, reason);
        }
    }

    /** How much of its storage's hundred gibibytes each node says is in use. */
    public synchronized void fillStorages(int gibibytes) {
        usedOfStorage = (long) gibibytes << 30;
    }

    @Override
    public synchronized boolean isFree(int vmid) {
        return !guests.containsKey(vmid);
    }

    @Override
    public synchronized Upid pullImage(String node, String storage, String reference, String fileName) {
        String file = fileName + ".tar";
        if (files(node).contains(file)) {
            throw refusal(ProxmoxFailure.EXISTS, "refusing to override existing file");
        }
        pulls.merge(fileName, 1, Integer::sum);
        if (reference.contains("missing")) {
            return begin(node, "ociregistrypull", file, COPY_FAILED);
        }
        files(node).add(file);
        return begin(node, "ociregistrypull", file, null);
    }

    @Override
    public synchronized List<String> templates(String node, String storage) {
        return files(node).stream().map(file -> STORAGE + ":vztmpl/" + file).toList();
    }

    @Override
    public synchronized void deleteTemplate(String node, String storage, String volumeId) {
        files(node).remove(volumeId.replace(STORAGE + ":vztmpl/", ""));
    }

    @Override
    public synchronized Upid create(String node, GuestPlan plan) {
        if (guests.containsKey(plan.vmid())) {
            throw refusal(ProxmoxFailure.EXISTS, "CT " + plan.vmid() + " already exists");
        }
        if (guests.values().stream().anyMatch(other -> other.plan.description().equals(plan.description()))) {
            violations.add("a second guest: " + plan.description());
        }
        if (guests.values().stream().anyMatch(other -> other.plan.address().equals(plan.address()))) {
            violations.add("an address twice: " + plan.address());
        }
        if (!templates(node, STORAGE).contains(plan.template())) {
            return begin(node, "vzcreate", plan.vmid(), "volume '" + plan.template() + "' does not exist");
        }
        guests.put(plan.vmid(), new Guest(plan, node));
        return begin(node, "vzcreate", plan.vmid(), null);
    }

    @Override
    public synchronized Optional<GuestStatus> status(String node, int vmid) {
        files(node);
        Guest found = guests.get(vmid);
        if (found == null || !found.plan.pool().equals("containr")) {
            throw refusal(ProxmoxFailure.DENIED, "Permission check failed (/vms/" + vmid + ", VM.Audit)");
        }
        return Optional.of(found)
                .filter(guest -> guest.node.equals(node))
                .map(guest -> new GuestStatus(guest.running, null));
    }

    @Override
    public synchronized GuestConfig config(String node, int vmid) {
        Guest guest = guest(vmid);
        return new GuestConfig(
                Integer.toString(guest.digest),
                guest.plan.description(),
                guest.tags,
                guest.volume,
                guest.resources.memoryMiB(),
                guest.resources.cpuMillis());
    }

    @Override
    public synchronized void configure(String node, int vmid, GuestConfig read, GuestChange change) {
        Guest guest = guest(vmid);
        if (!read.digest().equals(Integer.toString(guest.digest))) {
            throw refusal(ProxmoxFailure.CHANGED, "detected modified configuration");
        }
        if (guest.running) {
            violations.add("configured while it runs: " + vmid);
        }
        guest.digest++;
        guest.tags = change.tags();
        guest.entrypoint = change.entrypoint();
        guest.environment = change.environment();
    }

    @Override
    public synchronized void restore(
            String node, int vmid, GuestConfig read, Resources resources, SortedSet<String> tags) {
        Guest guest = guest(vmid);
        if (!read.digest().equals(Integer.toString(guest.digest))) {
            throw refusal(ProxmoxFailure.CHANGED, "detected modified configuration");
        }
        if (refused.containsKey(vmid)) {
            throw refusal(refused.get(vmid), "unable to hotplug memory");
        }
        alter(vmid, resources, tags);
    }

    /** What an administrator of the cluster does by hand. */
    public synchronized void alter(int vmid, Resources resources, Set<String> tags) {
        Guest guest = guest(vmid);
        guest.digest++;
        guest.resources = resources;
        guest.tags = Set.copyOf(tags);
    }

    /** From now on the service's volume may go with its guest. */
    public synchronized void mayDeleteVolumeOf(String service) {
        deletable.add(service);
    }

    @Override
    public synchronized void addVolume(
            String node, int vmid, GuestConfig read, String storage, int sizeMiB, String path) {
        Guest guest = guest(vmid);
        if (!read.digest().equals(Integer.toString(guest.digest))) {
            throw refusal(ProxmoxFailure.CHANGED, "detected modified configuration");
        }
        if (!volumes.add(guest.service())) {
            violations.add("a second volume: " + guest.plan.description());
        }
        guest.digest++;
        guest.volume = new Mount(storage + ":volume-" + ++serial, path, sizeMiB);
    }

    @Override
    public synchronized void mountVolume(String node, int vmid, GuestConfig read, String volume, String path) {
        Guest guest = guest(vmid);
        guest.digest++;
        guest.volume = new Mount(volume, path, volumeOf(guest).sizeMiB());
    }

    @Override
    public synchronized Upid growVolume(String node, int vmid, int sizeMiB) {
        Guest guest = guest(vmid);
        Mount before = volumeOf(guest);
        if (sizeMiB < before.sizeMiB()) {
            violations.add("shrunk: " + vmid);
        }
        guest.digest++;
        guest.volume = new Mount(before.volume(), before.path(), sizeMiB);
        return begin(node, "resize", vmid, null);
    }

    @Override
    public synchronized Upid moveVolume(String node, int from, int to) {
        Guest giver = guest(from);
        Guest taker = guest(to);
        if (giver.running) {
            throw refusal(
                    ProxmoxFailure.RUNNING,
                    "Cannot move in-use volume while the source CT is running - detach or shutdown first");
        }
        if (taker.running || taker.volume != null) {
            violations.add("moved to a guest that runs or has one: " + to);
        }
        Mount moved = volumeOf(giver);
        giver.volume = null;
        giver.digest++;
        taker.volume = moved;
        taker.digest++;
        return begin(node, "move_volume", from + "-mp0>" + to + "-mp0", null);
    }

    private static Mount volumeOf(Guest guest) {
        Mount volume = guest.volume;
        if (volume == null) {
            throw refusal(ProxmoxFailure.OTHER, "there is no volume 'mp0'");
        }
        return volume;
    }

    @Override
    public synchronized Upid start(String node, int vmid) {
        Guest guest = guest(vmid);
        if (guest.running) {
            throw refusal(ProxmoxFailure.ALREADY_RUNNING, "CT " + vmid + " already running");
        }
        if (guest.entrypoint.isEmpty()) {
            violations.add("started before it was configured: " + vmid);
        }
        if (guest.plan.hostname().startsWith("dead")) {
            return begin(node, "vzstart", vmid, "startup for container '" + vmid + "' failed");
        }
        if (volumes.contains(guest.service())) {
            if (guest.volume == null) {
                violations.add("started without its volume: " + guest.plan.description());
            }
            if (guests.values().stream()
                    .anyMatch(other -> other.running && other.service().equals(guest.service()))) {
                violations.add("two run for one volume: " + guest.plan.description());
            }
        }
        if (!guest.plan.hostname().startsWith("deaf")) {
            guest.socket = listen(guest.plan.address().replaceFirst("/.*", ""));
        }
        guest.running = true;
        return begin(node, "vzstart", vmid, null);
    }

    /** Takes every connection, so that none waits: one that nobody takes counts against how many may wait. */
    private ServerSocket listen(String address) {
        try {
            ServerSocket socket = new ServerSocket(port, 50, InetAddress.getByName(address));
            Thread.ofVirtual().name("guest " + address).start(() -> {
                while (!socket.isClosed()) {
                    try {
                        socket.accept().close();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Upid shutdown(String node, int vmid, Duration grace) {
        Guest guest = guest(vmid);
        if (!guest.running) {
            throw refusal(ProxmoxFailure.NOT_RUNNING, "CT " + vmid + " not running");
        }
        halt(guest);
        return begin(node, "vzshutdown", vmid, null);
    }

    @Override
    public synchronized Upid stop(String node, int vmid) {
        halt(guest(vmid));
        return begin(node, "vzstop", vmid, null);
    }

    @Override
    public synchronized Upid destroy(String node, int vmid) {
        if (guest(vmid).running) {
            throw refusal(ProxmoxFailure.RUNNING, "container is running");
        }
        if (guest(vmid).volume != null && !deletable.contains(guest(vmid).service())) {
            violations.add("a volume destroyed: " + guest(vmid).plan.description());
        }
        guests.remove(vmid);
        return begin(node, "vzdestroy", vmid, null);
    }

    @Override
    public synchronized Optional<TaskStatus> task(Upid task) {
        return Optional.ofNullable(tasks.get(task.value()))
                .map(known ->
                        known.failure == null ? new TaskStatus.Succeeded() : new TaskStatus.Failed(known.failure));
    }

    /** Only pulls say more than their end. */
    @Override
    public synchronized List<String> log(Upid task) {
        return task.type().equals("ociregistrypull")
                ? List.of(
                        "Pulling docker://registry/app:1",
                        "time=\"2026-01-01T00:00:00Z\" level=fatal msg=\"initializing source docker://registry/app:1: "
                                + "reading manifest 1 in registry/app: manifest unknown\"",
                        "TASK ERROR: " + COPY_FAILED)
                : List.of();
    }

    @Override
    public synchronized Optional<Upid> findTask(
            String node, String type, String subject, Instant since, Set<Upid> others) {
        return tasks.values().stream()
                .filter(task -> task.upid.node().equals(node)
                        && task.upid.type().equals(type)
                        && task.upid.subject().equals(subject)
                        && !task.started.isBefore(since.minusSeconds(1))
                        && !others.contains(task.upid))
                .max(Comparator.comparing(Task::started))
                .map(Task::upid);
    }

    @Override
    public void abort(Upid task) {}

    @Override
    public synchronized void protect(
            String node, int vmid, List<FirewallRule> rules, String set, Collection<String> members) {
        admit(node, vmid, set, members);
    }

    @Override
    public synchronized void admit(String node, int vmid, String set, Collection<String> members) {
        guest(vmid).admitted = Set.copyOf(members);
    }

    @Override
    public Set<String> addresses(String node) {
        return Set.of("192.0.2.1");
    }

    private Upid begin(String node, String type, Object subject, @Nullable String failure) {
        Upid upid =
                new Upid("UPID:%s:%08X:00000001:00000002:%s:%s:u@pve!agent:".formatted(node, ++serial, type, subject));
        tasks.put(upid.value(), new Task(upid, Instant.now(), failure));
        return upid;
    }

    private Guest guest(int vmid) {
        Guest guest = guests.get(vmid);
        if (guest == null) {
            throw refusal(ProxmoxFailure.DENIED, "Permission check failed (/vms/" + vmid + ", VM.Audit)");
        }
        return guest;
    }

    private Set<String> files(String node) {
        if (offline.contains(node)) {
            throw refusal(ProxmoxFailure.OUTCOME_UNKNOWN, "595");
        }
        Set<String> there = files.get(node);
        if (there == null) {
            throw refusal(ProxmoxFailure.UNAVAILABLE, "hostname lookup '" + node + "' failed");
        }
        return there;
    }

    private static void halt(Guest guest) {
        guest.running = false;
        ServerSocket socket = guest.socket;
        guest.socket = null;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static ProxmoxException refusal(ProxmoxFailure failure, String message) {
        return new ProxmoxException(failure, "fake", message);
    }
}

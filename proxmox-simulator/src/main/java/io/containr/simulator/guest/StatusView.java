package io.containr.simulator.guest;

import io.containr.simulator.access.Pools;
import io.containr.simulator.engine.Containers;
import io.containr.simulator.engine.GuestState;
import io.containr.simulator.engine.GuestUsage;
import io.containr.simulator.fault.Faults;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How guests look from outside: in their own status, in lists, and among the cluster's resources. */
public final class StatusView {

    private static final long MEBIBYTE = 1024 * 1024;

    private final Guests guests;
    private final Containers containers;
    private final Sampler sampler;
    private final Pools pools;
    private final Faults faults;
    private final Clock clock;
    private final int processors;

    StatusView(
            Guests guests,
            Containers containers,
            Sampler sampler,
            Pools pools,
            Faults faults,
            Clock clock,
            int processors) {
        this.guests = guests;
        this.containers = containers;
        this.sampler = sampler;
        this.pools = pools;
        this.faults = faults;
        this.clock = clock;
        this.processors = processors;
    }

    /** The engine's view of the guest as a real node would have it: nothing where it does not run. */
    Optional<GuestState> running(int vmid) {
        return containers.find(vmid).filter(GuestState::running);
    }

    /** As {@code status/current} shows it. */
    Map<String, Object> current(Guest guest) {
        return current(guest, running(guest.vmid()));
    }

    /** Many guests at once: the engine is asked about those alone that run. */
    List<Map<String, Object>> current(List<Guest> many) {
        Set<Integer> running = containers.running().keySet();
        return many.stream()
                .map(guest -> current(guest, running.contains(guest.vmid()) ? running(guest.vmid()) : Optional.empty()))
                .toList();
    }

    /** What a node's guests used when they were last measured, in bytes. */
    public long memoryOf(String node) {
        return guests.on(node)
                .mapToLong(guest -> sampler.latest(guest.vmid()).memory())
                .sum();
    }

    private Map<String, Object> current(Guest guest, Optional<GuestState> state) {
        GuestUsage usage = state.isPresent() ? sampler.latest(guest.vmid()) : GuestUsage.NONE;
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("vmid", guest.vmid());
        shown.put("type", "lxc");
        shown.put("name", guest.hostname());
        shown.put("status", state.isPresent() ? "running" : "stopped");
        shown.put("uptime", uptime(state));
        shown.put("cpus", cpus(guest));
        shown.put("cpu", usage.cpu() / cpus(guest).doubleValue());
        shown.put("mem", usage.memory());
        shown.put("maxmem", guest.number("memory", 512) * MEBIBYTE);
        shown.put("swap", 0);
        shown.put("maxswap", guest.number("swap", 512) * MEBIBYTE);
        shown.put("disk", state.isPresent() ? guest.imageBytes() : 0);
        shown.put("maxdisk", maximumDisk(guest));
        shown.put("diskread", usage.diskRead());
        shown.put("diskwrite", usage.diskWrite());
        shown.put("netin", usage.netIn());
        shown.put("netout", usage.netOut());
        guest.value("tags").ifPresent(tags -> shown.put("tags", tags));
        guest.lock().ifPresent(lock -> shown.put("lock", lock));
        guest.value("template").filter("1"::equals).ifPresent(_ -> shown.put("template", 1));
        state.ifPresent(running -> {
            shown.put("pid", running.pid());
            for (String resource : List.of("cpu", "io", "memory")) {
                shown.put("pressure" + resource + "some", "0.00");
                shown.put("pressure" + resource + "full", "0.00");
            }
        });
        return shown;
    }

    private long uptime(Optional<GuestState> state) {
        Instant started = state.map(GuestState::startedAt).orElse(null);
        return started == null
                ? 0
                : Math.max(0, Duration.between(started, clock.instant()).toSeconds());
    }

    private Number cpus(Guest guest) {
        return guest.value("cores")
                .<Number>map(Long::valueOf)
                .or(() -> guest.value("cpulimit").map(Double::valueOf).filter(limit -> limit > 0))
                .orElse(processors);
    }

    private static long maximumDisk(Guest guest) {
        return guest.value("rootfs")
                .map(rootfs -> MountPoint.parse(rootfs).size())
                .orElse(0L);
    }

    /** A guest among the cluster's resources, with its node. */
    public record Resource(int vmid, String node, Map<String, Object> shown) {}

    /** All guests as resources, in the order of their ids; those of a node out of reach are {@code unknown}. */
    public List<Resource> resources() {
        Set<Integer> running = containers.running().keySet();
        return guests.all().stream()
                .map(guest ->
                        resource(guest, running.contains(guest.vmid()) ? running(guest.vmid()) : Optional.empty()))
                .toList();
    }

    private Resource resource(Guest guest, Optional<GuestState> state) {
        Map<String, Object> current = current(guest, state);
        boolean reachable = faults.online(guest.node());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", "lxc/" + guest.vmid());
        shown.put("node", guest.node());
        for (String same : List.of(
                "vmid",
                "type",
                "name",
                "status",
                "uptime",
                "cpu",
                "mem",
                "maxmem",
                "disk",
                "maxdisk",
                "diskread",
                "diskwrite",
                "netin",
                "netout")) {
            shown.put(same, current.get(same));
        }
        shown.put("maxcpu", current.get("cpus"));
        shown.put("memhost", current.get("mem"));
        shown.put("template", guest.value("template").map(Integer::valueOf).orElse(0));
        guest.value("tags").ifPresent(tags -> shown.put("tags", tags));
        guest.lock().ifPresent(lock -> shown.put("lock", lock));
        pools.poolOf(guest.vmid()).ifPresent(pool -> shown.put("pool", pool));
        if (!reachable) {
            shown.put("status", "unknown");
        }
        return new Resource(guest.vmid(), guest.node(), shown);
    }
}

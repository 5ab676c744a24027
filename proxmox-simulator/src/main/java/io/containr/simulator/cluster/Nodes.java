package io.containr.simulator.cluster;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.NodeGate;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.guest.StatusView;
import io.containr.simulator.storage.StorageSpec;
import io.containr.simulator.storage.Storages;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes, and what they show of themselves. Their guests' memory counts as used. */
public final class Nodes implements NodeGate {

    /** Memory that a node needs for itself. */
    private static final long OWN_MEMORY = 900L << 20;

    private final Map<String, NodeSpec> nodes = new LinkedHashMap<>();
    private final Storages storages;
    private final StatusView guests;
    private final Faults faults;
    private final Clock clock;
    private final Instant boot;
    private final String fingerprint;

    public Nodes(
            Collection<NodeSpec> nodes,
            Storages storages,
            StatusView guests,
            Faults faults,
            Clock clock,
            Instant boot,
            String fingerprint) {
        nodes.forEach(node -> this.nodes.put(node.name(), node));
        this.storages = storages;
        this.guests = guests;
        this.faults = faults;
        this.clock = clock;
        this.boot = boot;
        this.fingerprint = fingerprint;
    }

    @Override
    public void pass(String node) {
        if (!nodes.containsKey(node)) {
            throw ApiException.failed("hostname lookup '" + node + "' failed - failed to get address info for: " + node
                    + ": Name or service not known");
        }
        if (!faults.online(node)) {
            throw ApiException.plain(595, "No route to host");
        }
    }

    Collection<NodeSpec> all() {
        return nodes.values();
    }

    boolean online(String node) {
        return faults.online(node);
    }

    boolean maintained(String node) {
        return faults.maintained(node);
    }

    String fingerprint() {
        return fingerprint;
    }

    long uptime() {
        return Math.max(1, Duration.between(boot, clock.instant()).toSeconds());
    }

    long usedMemory(NodeSpec node) {
        return Math.min(node.memoryBytes(), OWN_MEMORY + guests.memoryOf(node.name()));
    }

    long disk() {
        return storages.specs().stream()
                .filter(storage -> storage.type() == StorageSpec.Type.DIR)
                .mapToLong(StorageSpec::bytes)
                .findFirst()
                .orElse(1);
    }

    long usedDisk(String node) {
        return storages.specs().stream()
                .filter(storage -> storage.type() == StorageSpec.Type.DIR)
                .mapToLong(storage -> storages.used(node, storage.id()))
                .findFirst()
                .orElse(0);
    }

    /** {@code GET /nodes/{node}/status}. */
    Map<String, Object> status(String name) {
        NodeSpec node = nodes.getOrDefault(name, new NodeSpec(name, 0, 0));
        long used = usedMemory(node);
        long free = node.memoryBytes() - used;
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("pveversion", "pve-manager/" + Version.FULL + "/" + Version.REPOSITORY);
        status.put("kversion", "Linux 6.17.4-1-pve #1 SMP PREEMPT_DYNAMIC (simulated)");
        status.put("uptime", uptime());
        status.put("cpu", 0.05);
        status.put("wait", 0);
        status.put("idle", 0);
        status.put("loadavg", List.of("0.10", "0.10", "0.10"));
        status.put(
                "cpuinfo",
                Map.of(
                        "cpus",
                        node.processors(),
                        "cores",
                        node.processors(),
                        "sockets",
                        1,
                        "model",
                        "simulated",
                        "mhz",
                        "2400.000",
                        "user_hz",
                        100,
                        "hvm",
                        "1",
                        "flags",
                        ""));
        status.put("memory", Map.of("total", node.memoryBytes(), "used", used, "free", free, "available", free));
        status.put("swap", Map.of("total", 0, "used", 0, "free", 0));
        long disk = disk();
        long usedDisk = usedDisk(name);
        status.put(
                "rootfs", Map.of("total", disk, "used", usedDisk, "free", disk - usedDisk, "avail", disk - usedDisk));
        status.put("ksm", Map.of("shared", 0));
        status.put("boot-info", Map.of("mode", "efi", "secureboot", 0));
        status.put(
                "current-kernel",
                Map.of(
                        "sysname",
                        "Linux",
                        "release",
                        "6.17.4-1-pve",
                        "version",
                        "#1 SMP (simulated)",
                        "machine",
                        "x86_64"));
        return status;
    }
}

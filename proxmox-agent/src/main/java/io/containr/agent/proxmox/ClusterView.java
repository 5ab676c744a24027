package io.containr.agent.proxmox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cluster knows of itself, spread every ten seconds or so. */
public record ClusterView(List<Node> nodes, List<Guest> guests) {

    public ClusterView {
        nodes = List.copyOf(nodes);
        guests = List.copyOf(guests);
    }

    public Optional<Guest> guest(int vmid) {
        return guests.stream().filter(guest -> guest.vmid() == vmid).findFirst();
    }

    public boolean isOnline(String node) {
        return nodes.stream().anyMatch(each -> each.name().equals(node) && each.online());
    }

    /**
     * A node.
     *
     * @param maintenance whether an administrator of the cluster has taken it out of service for a while
     * @param memoryBytes in all
     * @param usedBytes in use
     * @param cpuMillis thousandths of a CPU in all, 0: not known
     * @param usedCpuMillis in use
     */
    public record Node(
            String name,
            boolean online,
            boolean maintenance,
            long memoryBytes,
            long usedBytes,
            int cpuMillis,
            int usedCpuMillis) {}

    /**
     * A guest.
     *
     * @param memoryMiB what it may use, 0: not known
     * @param cpuMillis thousandths of a CPU that it may use, 0: not known
     */
    public record Guest(
            int vmid,
            String node,
            String status,
            @Nullable String pool,
            Set<String> tags,
            int memoryMiB,
            int cpuMillis) {

        public Guest {
            tags = Set.copyOf(tags);
        }
    }
}

package io.containr.agent.placement;

import io.containr.agent.proxmox.ClusterView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which node gets a guest: replicas of one service apart first, then the most free memory. Pure. */
final class NodeChoice {

    private NodeChoice() {}

    /**
     * What is promised on a node already.
     *
     * @param memoryMiB to all instances there
     * @param replicas of the service in question
     */
    record Load(String node, long memoryMiB, int replicas) {}

    /**
     * @param allowed names of nodes, empty: any
     * @param loads of nodes with instances
     * @return empty where no node that is online and allowed has that much free
     */
    static Optional<String> choose(ClusterView view, List<String> allowed, List<Load> loads, int memoryMiB) {
        return view.nodes().stream()
                .filter(node -> node.online() && (allowed.isEmpty() || allowed.contains(node.name())))
                .map(node -> new Candidate(node.name(), free(node, load(loads, node.name())), load(loads, node.name())))
                .filter(candidate -> candidate.freeMiB() >= memoryMiB)
                .min(Comparator.comparingInt(
                                (Candidate candidate) -> candidate.load().replicas())
                        .thenComparing(
                                Comparator.comparingLong(Candidate::freeMiB).reversed())
                        .thenComparing(Candidate::node))
                .map(Candidate::node);
    }

    /** Both what is used and what is promised count: guests that have just begun use little of what they may. */
    private static long free(ClusterView.Node node, Load load) {
        long total = node.memoryBytes() >> 20;
        long used = node.usedBytes() >> 20;
        return total - Math.max(used, load.memoryMiB());
    }

    private static Load load(List<Load> loads, String node) {
        return loads.stream()
                .filter(load -> load.node().equals(node))
                .findFirst()
                .orElse(new Load(node, 0, 0));
    }

    private record Candidate(String node, long freeMiB, Load load) {}
}

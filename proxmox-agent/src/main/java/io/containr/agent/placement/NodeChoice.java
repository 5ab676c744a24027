package io.containr.agent.placement;

import io.containr.agent.proxmox.ClusterView;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which node gets a guest: one that is online, takes new guests and has the memory; of those, replicas of one deployment apart where that
 * can be, then the one that has the largest share of memory and CPU left, whichever of the two is scarcer there; one that has the image
 * may have a little less left, since the guest starts there without a pull. CPU alone keeps no guest away: its limits are held by the
 * hypervisor, and few use all they may. Pure.
 */
final class NodeChoice {

    /** The share of a node that having the image makes up for. */
    private static final double IMAGE = 0.1;

    private NodeChoice() {}

    /**
     * What a guest asks for.
     *
     * @param allowed names of nodes, empty: any
     * @param stocked names of nodes that have its image
     */
    record Demand(Collection<String> allowed, int memoryMiB, int cpuMillis, Collection<String> stocked) {}

    /**
     * What is promised on a node already.
     *
     * @param memoryMiB to all instances there
     * @param cpuMillis to all instances there
     * @param replicas of the deployment in question
     */
    record Load(String node, long memoryMiB, long cpuMillis, int replicas) {}

    sealed interface Choice {

        record On(String node) implements Choice {}

        record Nowhere(Obstacle obstacle) implements Choice {}
    }

    /** Why no node was chosen. */
    enum Obstacle {
        OFFLINE,
        /** Those online are being emptied. */
        CLOSED,
        FULL
    }

    /**
     * @param closed names of nodes that take no new guests
     * @param loads of nodes with instances
     */
    static Choice choose(List<ClusterView.Node> nodes, Demand demand, Collection<String> closed, List<Load> loads) {
        List<ClusterView.Node> online = nodes.stream()
                .filter(ClusterView.Node::online)
                .filter(node -> demand.allowed().isEmpty() || demand.allowed().contains(node.name()))
                .toList();
        List<ClusterView.Node> open =
                online.stream().filter(node -> !closed.contains(node.name())).toList();
        return open.stream()
                .map(node -> new Candidate(node, load(loads, node.name())))
                .filter(candidate -> candidate.freeMiB() >= demand.memoryMiB())
                .min(Comparator.comparingInt(
                                (Candidate candidate) -> candidate.load().replicas())
                        .thenComparing(Comparator.comparingDouble((Candidate candidate) -> candidate.score(demand))
                                .reversed())
                        .thenComparing(candidate -> candidate.node().name()))
                .<Choice>map(candidate -> new Choice.On(candidate.node().name()))
                .orElseGet(() -> new Choice.Nowhere(
                        online.isEmpty() ? Obstacle.OFFLINE : open.isEmpty() ? Obstacle.CLOSED : Obstacle.FULL));
    }

    private static Load load(List<Load> loads, String node) {
        return loads.stream()
                .filter(load -> load.node().equals(node))
                .findFirst()
                .orElse(new Load(node, 0, 0, 0));
    }

    /** Both what is used and what is promised count: guests that have just begun use little of what they may. */
    private record Candidate(ClusterView.Node node, Load load) {

        long freeMiB() {
            return (node.memoryBytes() >> 20) - Math.max(node.usedBytes() >> 20, load.memoryMiB());
        }

        private long freeMillis() {
            return node.cpuMillis() - Math.max(node.usedCpuMillis(), load.cpuMillis());
        }

        double score(Demand demand) {
            return left(demand) + (demand.stocked().contains(node.name()) ? IMAGE : 0);
        }

        /** The share that would be left of what is scarcer. */
        private double left(Demand demand) {
            double memory = share(freeMiB() - demand.memoryMiB(), node.memoryBytes() >> 20);
            return node.cpuMillis() == 0
                    ? memory
                    : Math.min(memory, share(freeMillis() - demand.cpuMillis(), node.cpuMillis()));
        }

        private static double share(long part, long whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }
    }
}

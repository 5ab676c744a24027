package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.placement.NodeChoice.Choice;
import io.containr.agent.placement.NodeChoice.Choice.Nowhere;
import io.containr.agent.placement.NodeChoice.Choice.On;
import io.containr.agent.placement.NodeChoice.Demand;
import io.containr.agent.placement.NodeChoice.Load;
import io.containr.agent.placement.NodeChoice.Obstacle;
import io.containr.agent.proxmox.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {

    private static final long GIB = 1L << 30;
    private static final Demand SMALL = demand(List.of(), 512);

    /** Of 16 GiB and 8 CPUs. */
    private static ClusterView.Node node(String name, long freeGib) {
        return node(name, freeGib, 0);
    }

    private static ClusterView.Node node(String name, long freeGib, int usedMillis) {
        return new ClusterView.Node(name, true, false, 16 * GIB, (16 - freeGib) * GIB, 8000, usedMillis);
    }

    private static ClusterView.Node offline(String name) {
        return new ClusterView.Node(name, false, false, 16 * GIB, 0, 8000, 0);
    }

    private static ClusterView view(ClusterView.Node... nodes) {
        return new ClusterView(List.of(nodes), List.of());
    }

    private static Demand demand(List<String> allowed, int memoryMiB) {
        return new Demand(allowed, memoryMiB, 500, Set.of());
    }

    private static Choice choose(ClusterView view, Load... loads) {
        return NodeChoice.choose(view.nodes(), SMALL, Set.of(), List.of(loads));
    }

    @Test
    void theNodeWithTheMostFreeMemoryIsChosen() {
        assertThat(choose(view(node("a", 2), node("b", 5)))).isEqualTo(new On("b"));
    }

    @Test
    void theNodeWhoseProcessorsAreBusyIsNotChosenForItsMemory() {
        assertThat(choose(view(node("a", 15, 7600), node("b", 8, 800)))).isEqualTo(new On("b"));
    }

    @Test
    void processorsAreFoundBusyByWhatIsPromisedToo() {
        assertThat(choose(view(node("a", 15), node("b", 8)), new Load("a", 512, 7900, 0)))
                .isEqualTo(new On("b"));
    }

    @Test
    void busyProcessorsAloneKeepNobodyAway() {
        assertThat(choose(view(node("a", 15, 8000)), new Load("a", 512, 20_000, 0)))
                .isEqualTo(new On("a"));
    }

    @Test
    void aNodeThatDoesNotSayHowManyProcessorsItHasIsJudgedByItsMemory() {
        ClusterView.Node silent = new ClusterView.Node("a", true, false, 16 * GIB, GIB, 0, 0);
        assertThat(choose(view(silent, node("b", 8)))).isEqualTo(new On("a"));
    }

    @Test
    void replicasAreKeptApartBeforeMemoryCounts() {
        assertThat(choose(view(node("a", 2), node("b", 5)), new Load("b", 512, 500, 1)))
                .isEqualTo(new On("a"));
    }

    @Test
    void theNodeThatHasTheImageIsChosenWhereItHasNearlyAsMuchLeft() {
        List<ClusterView.Node> nodes = List.of(node("a", 9), node("b", 10), node("c", 7));
        assertThat(NodeChoice.choose(nodes, SMALL, Set.of(), List.of())).isEqualTo(new On("b"));
        assertThat(NodeChoice.choose(nodes, withImage("a", "c"), Set.of(), List.of()))
                .isEqualTo(new On("a"));
        assertThat(NodeChoice.choose(nodes, withImage("c"), Set.of(), List.of()))
                .isEqualTo(new On("b"));
    }

    @Test
    void replicasAreKeptApartBeforeTheImageCounts() {
        assertThat(NodeChoice.choose(
                        List.of(node("a", 9), node("b", 9)),
                        withImage("a"),
                        Set.of(),
                        List.of(new Load("a", 512, 500, 1))))
                .isEqualTo(new On("b"));
    }

    private static Demand withImage(String... nodes) {
        return new Demand(List.of(), 512, 500, Set.of(nodes));
    }

    @Test
    void replicasShareANodeWhereTheyCannotBeApart() {
        assertThat(choose(view(offline("a"), node("b", 5)), new Load("b", 512, 500, 2)))
                .isEqualTo(new On("b"));
    }

    @Test
    void replicasAreSpreadEvenly() {
        List<ClusterView.Node> nodes = List.of(node("a", 4), node("b", 9), node("c", 14));
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Load> loads = nodes.stream()
                    .map(node -> {
                        int there = (int)
                                chosen.stream().filter(node.name()::equals).count();
                        return new Load(node.name(), 512L * there, 500L * there, there);
                    })
                    .toList();
            chosen.add(((On) NodeChoice.choose(nodes, SMALL, Set.of(), loads)).node());
        }
        assertThat(chosen).containsExactlyInAnyOrder("a", "a", "b", "b", "c", "c");
        assertThat(chosen.getFirst()).isEqualTo("c");
    }

    @Test
    void whatIsPromisedCountsEvenIfItIsNotUsedYet() {
        assertThat(NodeChoice.choose(
                        view(node("a", 12), node("b", 5)).nodes(),
                        demand(List.of(), 2048),
                        Set.of(),
                        List.of(new Load("a", 15 * 1024, 0, 0))))
                .isEqualTo(new On("b"));
    }

    @Test
    void aNodeThatIsOfflineOutsideOfTheRegionOrBeingEmptiedIsNotChosen() {
        ClusterView view = view(offline("a"), node("b", 5), node("c", 9), node("d", 15));
        Demand region = demand(List.of("a", "b", "d"), 512);
        assertThat(NodeChoice.choose(view.nodes(), region, Set.of("d"), List.of()))
                .isEqualTo(new On("b"));
        assertThat(NodeChoice.choose(view.nodes(), region, Set.of("b", "d"), List.of()))
                .isEqualTo(new Nowhere(Obstacle.CLOSED));
        assertThat(NodeChoice.choose(view.nodes(), demand(List.of("a"), 512), Set.of(), List.of()))
                .isEqualTo(new Nowhere(Obstacle.OFFLINE));
    }

    @Test
    void withoutRoomNothingIsChosen() {
        assertThat(NodeChoice.choose(view(node("a", 1)).nodes(), demand(List.of(), 1025), Set.of(), List.of()))
                .isEqualTo(new Nowhere(Obstacle.FULL));
        assertThat(NodeChoice.choose(view(node("a", 1)).nodes(), demand(List.of(), 1024), Set.of(), List.of()))
                .isEqualTo(new On("a"));
    }
}

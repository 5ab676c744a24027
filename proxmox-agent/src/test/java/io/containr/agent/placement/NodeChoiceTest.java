package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.proxmox.ClusterView;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {

    private static final long GIB = 1L << 30;

    private static ClusterView.Node node(String name, long freeGib) {
        return new ClusterView.Node(name, true, 16 * GIB, (16 - freeGib) * GIB);
    }

    private static ClusterView view(ClusterView.Node... nodes) {
        return new ClusterView(List.of(nodes), List.of());
    }

    @Test
    void theNodeWithTheMostFreeMemoryIsChosen() {
        assertThat(NodeChoice.choose(view(node("a", 2), node("b", 5)), List.of(), List.of(), 512))
                .contains("b");
    }

    @Test
    void replicasAreKeptApartBeforeMemoryCounts() {
        assertThat(NodeChoice.choose(
                        view(node("a", 2), node("b", 5)), List.of(), List.of(new NodeChoice.Load("b", 512, 1)), 512))
                .contains("a");
    }

    @Test
    void whatIsPromisedCountsEvenIfItIsNotUsedYet() {
        assertThat(NodeChoice.choose(
                        view(node("a", 12), node("b", 5)),
                        List.of(),
                        List.of(new NodeChoice.Load("a", 15 * 1024, 0)),
                        2048))
                .contains("b");
    }

    @Test
    void aNodeThatIsOfflineOrOutsideOfTheRegionIsNotChosen() {
        ClusterView.Node gone = new ClusterView.Node("a", false, 16 * GIB, 0);
        assertThat(NodeChoice.choose(view(gone, node("b", 5), node("c", 9)), List.of("a", "b"), List.of(), 512))
                .contains("b");
    }

    @Test
    void withoutRoomNothingIsChosen() {
        assertThat(NodeChoice.choose(view(node("a", 1)), List.of(), List.of(), 1025))
                .isEmpty();
        assertThat(NodeChoice.choose(view(node("a", 1)), List.of(), List.of(), 1024))
                .contains("a");
    }
}

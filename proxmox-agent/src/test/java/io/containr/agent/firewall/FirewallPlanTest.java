package io.containr.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a guest lets in. */
class FirewallPlanTest {

    @Test
    void callersAreTheProjectAndTheNetworksOfItsOwnerWithoutOverlaps() {
        assertThat(FirewallPlan.callers(
                        List.of("10.9.0.1", "10.9.0.2", "10.8.0.1"),
                        List.of("203.0.113.9/32", "10.8.0.0/24", "10.9.0.2/32", "10.8.0.0/16", "192.0.2.0/25")))
                .containsExactlyInAnyOrder("10.9.0.1", "10.9.0.2", "203.0.113.9", "10.8.0.0/16", "192.0.2.0/25");
        assertThat(FirewallPlan.callers(List.of("10.9.0.1"), List.of())).containsExactly("10.9.0.1");
    }
}

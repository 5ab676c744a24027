package io.containr.simulator.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFilterTest {

    @Test
    void acceptingIsNoEndButTheOtherSideMustAccept() {
        GuestFilter guest = new GuestFilter(
                "10.9.0.2",
                "veth1",
                "02:00:00:00:00:01",
                true,
                Verdict.DROP,
                List.of(new FilterRule(List.of("-s", "10.9.0.3"), Verdict.ACCEPT)),
                Verdict.ACCEPT,
                List.of(new FilterRule(List.of("-d", "10.9.0.1"), Verdict.REJECT)));
        assertThat(new Ruleset("ct-0a090001").text(List.of(guest), List.of("CT-ct-0a090001-0a090009i")))
                .isEqualTo("""
                *raw
                :CT-ct-0a090001 - [0:0]
                -A CT-ct-0a090001 -m physdev --physdev-in veth1 ! -s 10.9.0.2/32 -j DROP
                -A CT-ct-0a090001 -m physdev --physdev-in veth1 -j RETURN
                -A CT-ct-0a090001 -s 10.9.0.2/32 -j DROP
                COMMIT
                *filter
                :CT-ct-0a090001 - [0:0]
                :CT-ct-0a090001-0a090002i - [0:0]
                :CT-ct-0a090001-0a090002o - [0:0]
                :CT-ct-0a090001-0a090009i - [0:0]
                -X CT-ct-0a090001-0a090009i
                -A CT-ct-0a090001 -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
                -A CT-ct-0a090001 -s 10.9.0.2/32 -j CT-ct-0a090001-0a090002o
                -A CT-ct-0a090001 -d 10.9.0.2/32 -j CT-ct-0a090001-0a090002i
                -A CT-ct-0a090001-0a090002o -d 10.9.0.1 -j REJECT
                -A CT-ct-0a090001-0a090002o -j RETURN
                -A CT-ct-0a090001-0a090002i -s 10.9.0.3 -j RETURN
                -A CT-ct-0a090001-0a090002i -j DROP
                COMMIT
                """);
    }

    @Test
    void aMachineThatCannotEnforceSaysWhyAndGoesOn() {
        PacketFilter filter = PacketFilter.of("no-such-bridge");
        assertThat(filter.obstacle()).hasValueSatisfying(why -> assertThat(why).contains("not on this machine"));
        filter.apply(List.of());
        filter.remove();
    }
}

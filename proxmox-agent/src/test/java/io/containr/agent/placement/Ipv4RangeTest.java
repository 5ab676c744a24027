package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv4RangeTest {

    @Test
    void networkGatewayAndBroadcastAddressAreLeftOut() {
        assertThat(Ipv4Range.of("10.1.2.0/29", null, null).addresses())
                .containsExactly("10.1.2.2", "10.1.2.3", "10.1.2.4", "10.1.2.5", "10.1.2.6");
    }

    @Test
    void aPartOfAHighNetworkIsGivenAway() {
        Ipv4Range range = Ipv4Range.of("192.168.0.0/16", "192.168.200.254", "192.168.201.1");
        assertThat(range.addresses())
                .containsExactly("192.168.200.254", "192.168.200.255", "192.168.201.0", "192.168.201.1");
        assertThat(range.prefix()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0,,",
        "10.0.0.0/31,,",
        "10.0.0.0/33,,",
        "ten/8,,",
        "10.0.0.0/24,10.0.1.5,",
        "10.0.0.0/24,10.0.0.9,10.0.0.8",
        "10.0.0.0/24,,10.0.0.255",
        "300.0.0.0/8,,"
    })
    void nonsenseIsRefused(String cidr, String first, String last) {
        assertThatThrownBy(() -> Ipv4Range.of(cidr, first, last)).isInstanceOf(IllegalArgumentException.class);
    }
}

package io.containr.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {

    private final ConnectionBudget budget = new ConnectionBudget(40);

    @Test
    void oneAddressCannotTakeAllConnections() throws UnknownHostException {
        assertThat(taken(address("10.0.0.1"), 100)).isEqualTo(16);
        assertThat(taken(address("10.0.0.2"), 1)).isEqualTo(1);
    }

    @Test
    void theLimitHoldsOverAllAddresses() throws UnknownHostException {
        int taken = 0;
        for (int host = 1; host < 100; host++) {
            taken += taken(address("10.0.1." + host), 1);
        }
        assertThat(taken).isEqualTo(40);
    }

    @Test
    void whatIsReleasedMayBeTakenAgain() throws UnknownHostException {
        var source = address("10.0.0.3");
        for (int i = 0; i < 1000; i++) {
            assertThat(budget.acquire(source)).isTrue();
            budget.release(source);
        }
        assertThat(taken(source, 100)).isEqualTo(16);
        assertThat(budget.acquire(source)).isFalse();
        budget.release(source);
        assertThat(budget.acquire(source)).isTrue();
    }

    private int taken(InetAddress source, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += budget.acquire(source) ? 1 : 0;
        }
        return taken;
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }
}

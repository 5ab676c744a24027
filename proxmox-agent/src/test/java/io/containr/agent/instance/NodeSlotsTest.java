package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeSlotsTest {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final InstanceId first = new InstanceId(Ids.next());
    private final InstanceId second = new InstanceId(Ids.next());
    private final InstanceId third = new InstanceId(Ids.next());
    private final List<InstanceId> woken = new ArrayList<>();
    private final Hand hand = new Hand();
    private final NodeSlots slots = new NodeSlots(2, LONGEST, hand, woken::add);

    /** A clock that is set by hand. */
    private static final class Hand extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void eachNodeHasItsOwn() {
        assertThat(slots.take("n1", first)).isTrue();
        assertThat(slots.take("n1", second)).isTrue();
        assertThat(slots.take("n1", third)).isFalse();
        assertThat(slots.take("n2", third)).isTrue();
    }

    @Test
    void aSlotIsHeldUntilItIsFreed() {
        slots.take("n1", first);
        slots.take("n1", second);
        hand.now = hand.now.plus(LONGEST.dividedBy(2));
        assertThat(slots.take("n1", third)).isFalse();
        slots.free(first);
        assertThat(slots.take("n1", third)).isTrue();
    }

    @Test
    void whoHasOneAlreadyNeedsNoSecond() {
        slots.take("n1", first);
        slots.take("n1", second);
        assertThat(slots.take("n1", second)).isTrue();
        slots.free(second);
        assertThat(slots.take("n1", third)).isTrue();
    }

    @Test
    void tasksBegunBeforeCountToo() {
        slots.follow("n1", first);
        slots.follow("n1", second);
        slots.follow("n1", third);
        InstanceId fourth = new InstanceId(Ids.next());
        assertThat(slots.take("n1", fourth)).isFalse();
        slots.free(first);
        assertThat(slots.take("n1", fourth)).isFalse();
        slots.free(second);
        assertThat(slots.take("n1", fourth)).isTrue();
    }

    @Test
    void whoWaitsLongestIsWokenByASlotOfItsNodeAndNobodyElse() {
        InstanceId fourth = new InstanceId(Ids.next());
        InstanceId elsewhere = new InstanceId(Ids.next());
        slots.follow("n2", elsewhere);
        slots.take("n1", first);
        slots.take("n1", second);
        slots.take("n1", third);
        slots.take("n1", fourth);
        assertThat(woken).isEmpty();
        slots.free(elsewhere);
        assertThat(woken).as("a slot of another node").isEmpty();
        slots.free(first);
        assertThat(woken).containsExactly(third);
        slots.free(second);
        assertThat(woken).as("each once").containsExactly(third, fourth);
        assertThat(slots.take("n1", third)).isTrue();
        assertThat(slots.take("n1", fourth)).isTrue();
        woken.clear();
        slots.free(third);
        assertThat(woken).as("nobody waits any more").isEmpty();
    }

    @Test
    void nobodyOvertakesOneThatWasWoken() {
        slots.take("n1", first);
        slots.take("n1", second);
        slots.take("n1", third);
        slots.free(first);
        assertThat(slots.take("n1", first)).as("it came sooner").isFalse();
        assertThat(slots.take("n1", third)).isTrue();
        slots.free(second);
        assertThat(woken).containsExactly(third, first);
    }

    @Test
    void whoGoesWhileItWaitsIsNotWokenAndWhoGoesAfterwardsPassesItsSlotOn() {
        InstanceId fourth = new InstanceId(Ids.next());
        slots.take("n1", first);
        slots.take("n1", second);
        slots.take("n1", third);
        slots.take("n1", fourth);
        slots.free(third);
        slots.free(first);
        assertThat(woken).containsExactly(fourth);
        slots.take("n1", first);
        slots.free(fourth);
        assertThat(woken).containsExactly(fourth, first);
    }

    @Test
    void aSlotThatIsKeptForOneWhoNeverComesIsFreeSoon() {
        slots.take("n1", first);
        slots.take("n1", second);
        slots.take("n1", third);
        slots.free(first);
        hand.now = hand.now.plusSeconds(60);
        assertThat(slots.take("n1", first)).isTrue();
    }

    @Test
    void oneThatNobodyFreesIsFreeInTheEnd() {
        slots.take("n1", first);
        slots.take("n1", second);
        hand.now = hand.now.plus(LONGEST).plusSeconds(1);
        assertThat(slots.take("n1", third)).isTrue();
    }
}

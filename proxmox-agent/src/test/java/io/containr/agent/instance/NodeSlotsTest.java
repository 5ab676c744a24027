package io.containr.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class NodeSlotsTest {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final InstanceId first = new InstanceId(Ids.next());
    private final InstanceId second = new InstanceId(Ids.next());
    private final InstanceId third = new InstanceId(Ids.next());
    private final Hand hand = new Hand();
    private final NodeSlots slots = new NodeSlots(2, LONGEST, hand);

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
        assertThat(slots.take("n1", new InstanceId(Ids.next()))).isFalse();
        slots.free(first);
        assertThat(slots.take("n1", first)).isFalse();
        slots.free(second);
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

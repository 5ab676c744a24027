package io.containr.project.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SurgeTest {

    private final Surge surge = new Surge(Duration.ofMillis(200));
    private final Instant start = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void theFirstPushIsNoSurge() {
        assertThat(surge.goesOn(start)).isFalse();
        assertThat(surge.add(start)).isFalse();
    }

    @Test
    void pushesAreASurgeAsLongAsEachComesSoonAfterTheLast() {
        surge.add(start);
        assertThat(surge.add(start.plusMillis(199))).isTrue();
        assertThat(surge.add(start.plusMillis(398))).isTrue();
        assertThat(surge.goesOn(start.plusMillis(597))).isTrue();
        assertThat(surge.goesOn(start.plusMillis(598))).isFalse();
        assertThat(surge.add(start.plusMillis(598))).isFalse();
    }
}

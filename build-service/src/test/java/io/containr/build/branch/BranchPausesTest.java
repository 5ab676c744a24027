package io.containr.build.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BranchPausesTest {

    private final BranchPauses pauses = new BranchPauses(
            Settings.of(Map.of("polling.interval", "5m", "polling.longest-interval", "1h"))
                    .polling(),
            new Random(7));

    @Test
    void looksAreSpreadAroundTheInterval() {
        assertThat(IntStream.range(0, 100).mapToObj(i -> pauses.afterFailures(0)))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330)))
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates();
    }

    @Test
    void pausesDoubleWithFailuresUpToTheLongest() {
        assertThat(pauses.afterFailures(1)).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        assertThat(pauses.afterFailures(2)).isBetween(Duration.ofMinutes(18), Duration.ofMinutes(22));
        assertThat(pauses.afterFailures(4)).isBetween(Duration.ofMinutes(54), Duration.ofMinutes(66));
        assertThat(pauses.afterFailures(1000)).isBetween(Duration.ofMinutes(54), Duration.ofMinutes(66));
    }
}

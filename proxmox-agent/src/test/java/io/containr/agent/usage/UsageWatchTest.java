package io.containr.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.proxmox.GuestUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A rate is told where two measurements of one run of a guest give one, and nowhere else. */
class UsageWatchTest {

    @Test
    void aRateIsThatOfTheTimeBetween() {
        assertThat(rate(usage(160, 7000L), usage(100, 1000L))).isEqualTo(100);
        assertThat(rate(usage(160, 1000L), usage(100, 1000L))).isZero();
    }

    @Test
    void thereIsNoneWithoutTwoMeasurementsOfOneRun() {
        assertThat(rate(usage(160, 7000L), null)).isNull();
        assertThat(rate(usage(10, 7000L), usage(100, 1000L))).as("restarted").isNull();
        assertThat(rate(usage(100, 1000L), usage(100, 1000L))).as("the same").isNull();
        assertThat(rate(usage(160, 10L), usage(100, 1000L))).as("counted anew").isNull();
        assertThat(rate(usage(160, null), usage(100, 1000L))).as("not told").isNull();
    }

    private static @Nullable Double rate(GuestUsage now, @Nullable GuestUsage before) {
        return UsageWatch.rate(now, before, GuestUsage::networkIn);
    }

    private static GuestUsage usage(int uptime, @Nullable Long networkIn) {
        return new GuestUsage(10_000, "pve1", Duration.ofSeconds(uptime), 0.5, 1024, networkIn, null, null, null);
    }
}

package io.containr.build.branch;

import io.containr.build.BuildProperties;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a branch is left alone between two looks: not all at the same moment, and ever longer while looks fail. */
final class BranchPauses {

    private static final int MOST_DOUBLINGS = 20;

    private final Duration interval;
    private final Duration longest;
    private final RandomGenerator random;

    BranchPauses(BuildProperties.Polling settings, RandomGenerator random) {
        this.interval = settings.interval();
        this.longest = settings.longestInterval();
        this.random = random;
    }

    Duration afterFailures(int failures) {
        Duration pause = interval.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return shaken(failures > 0 && pause.compareTo(longest) > 0 ? longest : pause);
    }

    private Duration shaken(Duration pause) {
        return Duration.ofMillis((long) (pause.toMillis() * random.nextDouble(0.9, 1.1)));
    }
}

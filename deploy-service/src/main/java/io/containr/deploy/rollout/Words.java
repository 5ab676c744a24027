package io.containr.deploy.rollout;

import java.time.Duration;

/** Durations as users read them. */
final class Words {

    private Words() {}

    static String of(Duration duration) {
        if (duration.toSecondsPart() == 0 && duration.toMinutes() > 0) {
            return duration.toMinutes() == 1 ? "a minute" : duration.toMinutes() + " minutes";
        }
        return duration.toSeconds() == 1 ? "a second" : duration.toSeconds() + " seconds";
    }
}

package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import java.time.Duration;

/**
 * How much is tried before an instance counts as failed.
 *
 * @param attempts per step
 * @param exits of an application that was never healthy
 */
record Limits(int attempts, int exits, Duration place, Duration pull, Duration create, Duration start, Duration task) {

    private static final int ATTEMPTS = 3;

    static Limits of(AgentProperties properties) {
        AgentProperties.Timeouts timeouts = properties.timeouts();
        return new Limits(
                ATTEMPTS,
                properties.guests().exitsBeforeFailed(),
                timeouts.place(),
                timeouts.pull(),
                timeouts.create(),
                timeouts.start(),
                timeouts.task());
    }
}

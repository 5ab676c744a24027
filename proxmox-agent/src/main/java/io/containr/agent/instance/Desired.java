package io.containr.agent.instance;

import java.time.Duration;
import java.time.Instant;

/** What an instance shall be. */
sealed interface Desired {

    /**
     * @param healthTimeout from the start of the guest
     * @param stopGrace from the stop signal to the kill
     * @param once its command runs to its end, and never again
     */
    record Running(Duration healthTimeout, Duration stopGrace, boolean once) implements Desired {}

    /**
     * @param drainUntil it goes on running until then
     * @param grace from the stop signal to the kill
     */
    record Removed(Instant drainUntil, Duration grace) implements Desired {}
}

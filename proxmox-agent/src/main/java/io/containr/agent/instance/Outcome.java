package io.containr.agent.instance;

import java.time.Duration;

/** What follows a step. */
sealed interface Outcome {

    /** Something changed: look and decide again. */
    record Again() implements Outcome {}

    /** Nothing to do for a while. */
    record Later(Duration delay) implements Outcome {}

    /** Nothing to do until somebody asks. */
    record Rest() implements Outcome {}
}

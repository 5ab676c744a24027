package io.containr.agent.upkeep;

import java.time.Duration;

/** Something to be done again and again. Every bean of this type is; a failure is logged and the next time is a new try. */
public interface Chore {

    /** Unique, never changed. */
    String name();

    /** Between the end of one time and the beginning of the next. */
    Duration interval();

    void run();
}

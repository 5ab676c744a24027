package io.containr.agent.proxmox;

import java.time.Duration;
import java.time.Instant;

/** When it is worth while to look for a task of a node, or at it. */
public final class TaskLooks {

    /** How long a call whose answer was lost may take to show up as a task. */
    private static final Duration UNHEARD = Duration.ofSeconds(3);

    private static final Duration SOONEST = Duration.ofMillis(100);
    private static final Duration LATEST = Duration.ofSeconds(2);
    private static final int PART = 30;

    private TaskLooks() {}

    /** Whether a call of then, whose answer was lost, may yet show up as a task. */
    public static boolean mayShowUp(Instant since, Instant now) {
        return since.plus(UNHEARD).isAfter(now);
    }

    /** In how long a task that may take long is looked at again: soon while it is young, within two seconds when it is old. */
    public static Duration next(Instant since, Instant now) {
        Duration pause = Duration.between(since, now).dividedBy(PART);
        if (pause.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return pause.compareTo(LATEST) < 0 ? pause : LATEST;
    }
}

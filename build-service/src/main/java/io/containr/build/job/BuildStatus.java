package io.containr.build.job;

import java.util.Locale;

/** Where a build stands. */
public enum BuildStatus {
    /** Waits for a worker. */
    PENDING,
    /** A worker has it. */
    RUNNING,
    /** Ended with an image. */
    SUCCESS,
    /** Ended with a reason. */
    FAILED,
    /** Ended because somebody wished so. */
    CANCELLED;

    public boolean isTerminal() {
        return switch (this) {
            case PENDING, RUNNING -> false;
            case SUCCESS, FAILED, CANCELLED -> true;
        };
    }

    /** As the API names it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}

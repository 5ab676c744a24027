package io.containr.agent.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a guest's PID 1 tells of its application.
 *
 * @param exits how often it ended in this life of the guest
 * @param reason how it ended last, or why it cannot be started; in words for the user
 * @param heardAt when this was heard, by our clock; null where nothing was
 */
public record Application(
        State state,
        int exits,
        @Nullable String reason,
        @Nullable Instant heardAt) {

    /** Kinds of state. */
    public enum State {
        /** Nothing was heard since the guest was made. */
        SILENT,
        RUNNING,
        EXITED,
        /** It cannot be started at all. */
        BROKEN,
        /** It was told to end. */
        STOPPING
    }

    public static final Application UNHEARD = new Application(State.SILENT, 0, null);

    public Application(State state, int exits, @Nullable String reason) {
        this(state, exits, reason, null);
    }

    /** Whether it runs and has done so for that long. */
    public boolean steady(Duration time, Instant now) {
        return state == State.RUNNING && heardAt != null && !heardAt.plus(time).isAfter(now);
    }
}

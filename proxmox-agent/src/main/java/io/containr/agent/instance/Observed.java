package io.containr.agent.instance;

import io.containr.agent.session.Application;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an instance this moment.
 *
 * @param since when the phase began
 * @param attempts how often the step out of this phase was begun in vain
 * @param attempted when it was begun last
 * @param lastError why it failed last
 * @param task the one that has to end before anything else is done
 * @param resizing whether it is to be given other limits or a larger volume while it runs
 * @param volume null for an instance without, and where the guest was not looked at or is being created
 */
record Observed(
        Phase phase,
        Instant since,
        int attempts,
        @Nullable Instant attempted,
        @Nullable String lastError,
        @Nullable PendingTask task,
        GuestView guest,
        Application application,
        boolean resizing,
        @Nullable VolumeView volume) {

    Observed(
            Phase phase,
            Instant since,
            int attempts,
            @Nullable Instant attempted,
            @Nullable String lastError,
            @Nullable PendingTask task,
            GuestView guest,
            Application application) {
        this(phase, since, attempts, attempted, lastError, task, guest, application, false, null);
    }

    /** The guest on its node. */
    sealed interface GuestView {

        /** Not looked at: the phase does not depend on it. */
        record NotAsked() implements GuestView {}

        /** No number was chosen yet. */
        record NotReserved() implements GuestView {}

        record Absent() implements GuestView {}

        /** Somebody else's guest has the number. */
        record Foreign() implements GuestView {}

        /** @param lock the operation that holds it, null where none does */
        record Present(boolean running, @Nullable String lock) implements GuestView {}
    }
}

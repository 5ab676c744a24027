package io.containr.agent.guest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a guest's application does. {@code restarts} counts within one life of the guest. */
public sealed interface GuestState {

    Instant at();

    /** It runs; whether it is healthy is another question. */
    record Running(int pid, int restarts, Instant at) implements GuestState {}

    /**
     * It ended.
     *
     * @param exitCode 128 + n where signal n ended it
     * @param signal such as SIGKILL, null where none ended it
     * @param nextStart after which it starts again, null: not at all
     */
    record Exited(
            int exitCode,
            @Nullable String signal,
            int restarts,
            @Nullable Duration nextStart,
            Instant at) implements GuestState {}

    /** It could not be started. */
    record Failed(String reason, int restarts, @Nullable Duration nextStart, Instant at) implements GuestState {}

    /** It was asked to end for good. */
    record Stopping(Instant at) implements GuestState {}
}

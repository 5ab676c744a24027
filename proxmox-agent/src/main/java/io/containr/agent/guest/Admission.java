package io.containr.agent.guest;

import org.jspecify.annotations.Nullable;

/** Whether a guest is let in. */
public sealed interface Admission {

    /**
     * Let in.
     *
     * @param session the new session token, null where the guest keeps its own
     * @param spec what to run, null where the guest has the current one
     * @param acked the highest line number stored for the instance, 0 for none
     */
    record Welcome(@Nullable String session, @Nullable GuestSpec spec, long acked) implements Admission {

        @Override
        public String toString() {
            return "Welcome[session=%s, spec=%s, acked=%d]".formatted(session == null ? "kept" : "new", spec, acked);
        }
    }

    /**
     * Turned away.
     *
     * @param reason for the guest's console; names no secret
     * @param retry false: the token will never be good again
     */
    record Refused(String reason, boolean retry) implements Admission {}
}

package io.containr.agent.session;

import io.containr.agent.guest.GuestState;

/** What a guest says of its application, in our words and the user's. */
final class GuestStates {

    private GuestStates() {}

    static Application application(GuestState state) {
        return switch (state) {
            case GuestState.Running running -> new Application(Application.State.RUNNING, running.restarts(), null);
            case GuestState.Exited exited ->
                new Application(Application.State.EXITED, exited.restarts() + 1, reason(exited));
            case GuestState.Failed failed ->
                new Application(Application.State.BROKEN, failed.restarts() + 1, failed.reason());
            case GuestState.Stopping stopping -> new Application(Application.State.STOPPING, 0, null);
        };
    }

    private static String reason(GuestState.Exited exited) {
        return exited.signal() == null ? "exit code " + exited.exitCode() : "ended by " + exited.signal();
    }
}

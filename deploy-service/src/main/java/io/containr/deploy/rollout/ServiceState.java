package io.containr.deploy.rollout;

import java.util.Locale;

/** What a list of services shows of one. */
enum ServiceState {
    RUNNING,
    STOPPED,
    BUILDING,
    FAILED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.containr.runtime.work;

import java.time.Duration;

/** What becomes of a work item after its handler returned. */
public sealed interface Next {

    /** Look again after this time, or as soon as somebody wakes it. */
    record After(Duration delay) implements Next {}

    /** Nothing to do until somebody wakes it again. */
    record Done() implements Next {}

    static Next after(Duration delay) {
        return new After(delay);
    }

    static Next done() {
        return new Done();
    }
}

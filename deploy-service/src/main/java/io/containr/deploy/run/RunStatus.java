package io.containr.deploy.run;

import java.util.Locale;

/** What became of a run. */
public enum RunStatus {
    RUNNING,
    /** Its command ended with exit code 0. */
    SUCCEEDED,
    FAILED,
    /** The run before it had not ended. */
    SKIPPED,
    /** Nobody was there to start it, and then it was too late. */
    MISSED;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.containr.deploy.run;

import java.util.Locale;

/** Why there is a run. */
public enum RunTrigger {
    SCHEDULE,
    MANUAL;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

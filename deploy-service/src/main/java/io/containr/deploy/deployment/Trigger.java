package io.containr.deploy.deployment;

import java.util.Locale;

/** Why there is a deployment. */
public enum Trigger {
    MANUAL,
    WEBHOOK,
    /** The same release again, with new instances. */
    RESTART,
    /** The release that served before the service was stopped. */
    START,
    /** An earlier release again. */
    ROLLBACK;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

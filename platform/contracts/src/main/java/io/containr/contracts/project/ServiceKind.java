package io.containr.contracts.project;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a service is for. */
public enum ServiceKind {
    /** Listens on its port and is routed. */
    @JsonProperty("web")
    WEB,
    /** Runs without a route. */
    @JsonProperty("worker")
    WORKER,
    /** An image of the user's own with a volume and a private name, without a route. */
    @JsonProperty("database")
    DATABASE,
    /** Runs on a schedule. */
    @JsonProperty("cron")
    CRON;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean routed() {
        return this == WEB;
    }
}

package io.containr.contracts.project;

import com.fasterxml.jackson.annotation.JsonProperty;

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

    public boolean routed() {
        return this == WEB;
    }
}

package io.containr.project.services;

import java.util.Locale;

/** What deploy-service last said of a service. */
enum ServiceStatus {
    RUNNING,
    STOPPED,
    BUILDING,
    FAILED;

    /** @throws IllegalArgumentException for a word that is none of them */
    static ServiceStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** As the API spells it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

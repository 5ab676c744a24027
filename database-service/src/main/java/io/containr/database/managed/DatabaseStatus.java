package io.containr.database.managed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a database is. */
public enum DatabaseStatus {
    /** On its way to {@link #RUNNING}. */
    BUILDING,
    /** It answered a query in its own protocol when last asked. */
    RUNNING,
    /** Its guest does not run, as its owner wants. */
    STOPPED,
    /** Not as it should be; its failure says why. It goes on being tried. */
    ERROR;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DatabaseStatus> of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word().equals(word))
                .findFirst();
    }

    /** All of them, for people. */
    public static String words() {
        return Arrays.stream(values()).map(DatabaseStatus::word).collect(Collectors.joining(", "));
    }
}

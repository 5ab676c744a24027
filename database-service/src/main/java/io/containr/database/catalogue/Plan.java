package io.containr.database.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The plans there are; how much each is stands in the settings. */
public enum Plan {
    HOBBY,
    STARTER,
    STANDARD,
    BUSINESS;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Plan> of(String word) {
        return Arrays.stream(values()).filter(plan -> plan.word().equals(word)).findFirst();
    }

    /** All of them, for people. */
    public static String words() {
        return Arrays.stream(values()).map(Plan::word).collect(Collectors.joining(", "));
    }
}

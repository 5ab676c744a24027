package io.containr.project.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a delivery says, whoever sent it. */
sealed interface Told {

    /** The provider tries whether anybody is there. */
    record Ping() implements Told {}

    /** Nothing that anything follows from. */
    record Nothing(String reason) implements Told {}

    /**
     * Branches have new heads.
     *
     * @param repository {@code owner/name}, lower case
     * @param defaultBranch null where the provider does not say
     */
    record Pushes(String repository, @Nullable String defaultBranch, List<Push> heads) implements Told {}

    /**
     * One branch has a new head.
     *
     * @param before null: the branch is new
     * @param commit the new head; null: the branch was deleted
     * @param message of the head, all of it
     * @param author {@code name <email>}
     * @param files all paths that changed; null where the provider does not tell them all
     */
    record Push(
            String branch,
            @Nullable String before,
            @Nullable String commit,
            @Nullable String message,
            @Nullable String author,
            @Nullable List<String> files) {}
}

package io.containr.auth.user;

import org.jspecify.annotations.Nullable;

/** What to change of a profile; null leaves as is. */
public record ProfileChange(
        @Nullable String email,
        @Nullable String name,
        @Nullable Avatar avatarUrl) {

    /** The new avatar; null takes the old one away. */
    public record Avatar(@Nullable String value) {}
}

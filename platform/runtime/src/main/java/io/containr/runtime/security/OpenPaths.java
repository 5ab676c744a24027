package io.containr.runtime.security;

import java.util.List;

/** Paths of a service that need no token, as ant-like patterns; a bean of this type adds to the built-in ones. */
public record OpenPaths(List<String> patterns) {

    public OpenPaths {
        patterns = List.copyOf(patterns);
    }

    public static OpenPaths of(String... patterns) {
        return new OpenPaths(List.of(patterns));
    }
}

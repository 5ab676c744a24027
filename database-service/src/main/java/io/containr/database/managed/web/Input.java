package io.containr.database.managed.web;

import io.containr.runtime.web.ApiException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a request, so that its sender learns of all of it at once. */
final class Input {

    private static final String REQUIRED = "is required";

    private final Map<String, String> problems = new LinkedHashMap<>();

    /** @param read empty for a value that it does not take; {@code rule} says what it would */
    <T> @Nullable T optional(String field, @Nullable String value, Function<String, Optional<T>> read, String rule) {
        if (value == null) {
            return null;
        }
        Optional<T> known = read.apply(value);
        if (known.isEmpty()) {
            problems.putIfAbsent(field, rule);
        }
        return known.orElse(null);
    }

    <T> @Nullable T required(String field, @Nullable String value, Function<String, Optional<T>> read, String rule) {
        if (value == null) {
            problems.putIfAbsent(field, REQUIRED);
        }
        return optional(field, value, read, rule);
    }

    void refuse(String field, String reason) {
        problems.putIfAbsent(field, reason);
    }

    /** @throws ApiException VALIDATION naming every problem, if there is one */
    void check() {
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }
}

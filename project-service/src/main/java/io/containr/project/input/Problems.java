package io.containr.project.input;

import io.containr.runtime.web.ApiException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a request, so that its sender learns of all of it at once. */
public final class Problems {

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Notes a problem; the first one of a field stays. */
    public void add(String field, String reason) {
        fields.putIfAbsent(field, reason);
    }

    /**
     * Applies a rule to a value, if there is one.
     *
     * @param rule returns the value as it is kept; refuses it by an {@link InvalidValueException}
     * @return null where there is no value, or it was refused and the problem noted
     */
    public <V, T> @Nullable T check(String field, @Nullable V value, Function<V, T> rule) {
        if (value == null) {
            return null;
        }
        try {
            return rule.apply(value);
        } catch (InvalidValueException e) {
            add(field, e.reason());
            return null;
        }
    }

    /** Like {@link #check}, and notes a missing value too. */
    public <V, T> @Nullable T require(String field, @Nullable V value, Function<V, T> rule) {
        if (value == null) {
            add(field, "is required");
        }
        return check(field, value, rule);
    }

    /**
     * What the checked parts make, if nothing was wrong with any.
     *
     * @throws ApiException VALIDATION naming every problem
     */
    public <T> T orElse(Supplier<T> whole) {
        throwIfAny();
        return whole.get();
    }

    /** @throws ApiException VALIDATION naming every problem, if there is one */
    public void throwIfAny() {
        if (!fields.isEmpty()) {
            throw ApiException.invalid(fields);
        }
    }
}

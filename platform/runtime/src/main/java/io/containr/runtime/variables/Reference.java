package io.containr.runtime.variables;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a value for another variable's.
 *
 * @param owner name of a service as its user writes it, or {@code shared}; null: whom the value itself belongs to
 */
public record Reference(@Nullable String owner, String name) implements Template.Part {

    @Override
    public String toString() {
        return "${{" + (owner == null ? "" : owner + ".") + name + "}}";
    }
}

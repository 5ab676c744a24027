package io.containr.project.variables;

import org.jspecify.annotations.Nullable;

/**
 * What an owner sees of a variable.
 *
 * @param value null for a secret
 */
public record VariableView(@Nullable String value, boolean secret) {

    @Override
    public String toString() {
        return "VariableView[secret=" + secret + "]";
    }
}

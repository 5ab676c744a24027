package io.containr.project.variables;

import org.jspecify.annotations.Nullable;

/**
 * What a request says of one variable.
 *
 * @param value null: as it is, which only a secret may be, since nobody can repeat what nobody reads
 * @param secret null: as it is, and no secret if it is new
 */
public record VariableInput(
        @Nullable String value, @Nullable Boolean secret) {

    @Override
    public String toString() {
        return "VariableInput[secret=" + secret + "]";
    }
}

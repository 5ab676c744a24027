package io.containr.project.git;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies a Git provider that a user added; written as its canonical text. */
public record GitProviderId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public GitProviderId {}

    /** @throws IllegalArgumentException if the text is not a UUID */
    public static GitProviderId of(String text) {
        return new GitProviderId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

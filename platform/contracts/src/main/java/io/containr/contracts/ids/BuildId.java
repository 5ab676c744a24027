package io.containr.contracts.ids;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies one build of one source. A UUIDv7 where Containr made it; written as its canonical text. */
public record BuildId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BuildId {}

    /** @throws IllegalArgumentException if the text is not a UUID */
    public static BuildId of(String text) {
        return new BuildId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

package io.containr.contracts.ids;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies an immutable release: image, variables, resources and health check. A UUIDv7 where Containr made it; written as its canonical text. */
public record ReleaseId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ReleaseId {}

    /** @throws IllegalArgumentException if the text is not a UUID */
    public static ReleaseId of(String text) {
        return new ReleaseId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

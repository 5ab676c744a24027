package io.containr.contracts.ids;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies a managed database. A UUIDv7 where Containr made it; written as its canonical text. */
public record DatabaseId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DatabaseId {}

    /** @throws IllegalArgumentException if the text is not a UUID */
    public static DatabaseId of(String text) {
        return new DatabaseId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

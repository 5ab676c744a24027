package io.containr.contracts.ids;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Identifies one attempt to bring a release of a service into service. A UUIDv7 where Containr made it; written as its canonical text. */
public record DeploymentId(@JsonValue UUID value) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DeploymentId {}

    /** @throws IllegalArgumentException if the text is not a UUID */
    public static DeploymentId of(String text) {
        return new DeploymentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

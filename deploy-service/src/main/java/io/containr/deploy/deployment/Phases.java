package io.containr.deploy.deployment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each part took, by its name, in the order they came. */
public record Phases(@JsonValue Map<String, Duration> parts) {

    public static final Phases NONE = new Phases(Map.of());

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Phases {
        parts = new LinkedHashMap<>(parts);
    }

    /** These and those; those win where both name a part. */
    public Phases plus(Map<String, Duration> more) {
        Map<String, Duration> all = new LinkedHashMap<>(parts);
        all.putAll(more);
        return new Phases(all);
    }
}

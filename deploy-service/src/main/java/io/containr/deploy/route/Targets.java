package io.containr.deploy.route;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.containr.contracts.route.Route.Target;
import java.util.List;

/** Where a route leads, as a column holds it. */
public record Targets(@JsonValue List<Target> list) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Targets {
        list = List.copyOf(list);
    }
}

package io.containr.deploy.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** Some lines of text, as a column holds them. */
record Lines(@JsonValue List<String> lines) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Lines {
        lines = List.copyOf(lines);
    }
}

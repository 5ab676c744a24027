package io.containr.deploy.variable;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Some variables refer to what is not there. Says so without a word of any value. */
public final class UnresolvedVariablesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> fields;

    UnresolvedVariablesException(Map<String, String> fields) {
        super(fields.entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue())
                .collect(Collectors.joining("\n")));
        this.fields = new TreeMap<>(fields);
    }

    /** What is wrong with each, such as {@code variables.NAME}. */
    public Map<String, String> fields() {
        return Map.copyOf(fields);
    }
}

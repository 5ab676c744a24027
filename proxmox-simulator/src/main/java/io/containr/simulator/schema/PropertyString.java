package io.containr.simulator.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Values such as {@code local:4,mp=/data,backup=1}: a default key without name, then named ones. */
public final class PropertyString {

    private PropertyString() {}

    /** The named values, the leading bare one under {@code defaultKey}. */
    public static Map<String, String> parse(String value, @Nullable String defaultKey) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String part : value.split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parsed.put(part.substring(0, equals), part.substring(equals + 1));
            } else if (!part.isEmpty() && defaultKey != null && !parsed.containsKey(defaultKey)) {
                parsed.put(defaultKey, part);
            } else if (!part.isEmpty()) {
                parsed.put(part, "");
            }
        }
        return parsed;
    }

    /** Prints as Proxmox does: the default key bare, then {@code first}, then the rest by name. */
    public static String print(Map<String, String> values, @Nullable String defaultKey, String first) {
        StringJoiner text = new StringJoiner(",");
        if (defaultKey != null && values.containsKey(defaultKey)) {
            text.add(values.get(defaultKey));
        }
        if (values.containsKey(first)) {
            text.add(first + "=" + values.get(first));
        }
        for (String key : new TreeSet<>(values.keySet())) {
            if (!key.equals(defaultKey) && !key.equals(first)) {
                text.add(key + "=" + values.get(key));
            }
        }
        return text.toString();
    }

    static Map<String, String> verify(String name, String value, Map<String, PropertySchema> fields) {
        String defaultKey = fields.entrySet().stream()
                .filter(field -> field.getValue().defaultKey())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        Map<String, String> errors = new TreeMap<>();
        Map<String, String> given = parse(value, defaultKey);
        given.forEach((key, text) -> {
            PropertySchema field = fields.get(key);
            String why = field == null
                    ? "property is not defined in schema and the schema does not allow additional properties"
                    : field.complaint(name + "." + key, text);
            if (why != null) {
                errors.put(name + "." + key, why);
            }
        });
        fields.forEach((key, field) -> {
            if (!field.optional() && !given.containsKey(key)) {
                errors.put(name + "." + key, "property is missing and it is not optional");
            }
        });
        return errors;
    }
}

package io.containr.simulator.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one parameter may hold. A {@code fields} schema is a property string such as {@code name=eth0,bridge=vmbr0}. */
public final class PropertySchema {

    private final String type;
    private final boolean optional;
    private final @Nullable String format;
    private final Map<String, PropertySchema> fields;
    private final List<String> values;
    private final @Nullable Double minimum;
    private final @Nullable Double maximum;
    private final @Nullable Pattern pattern;
    private final int maximumLength;
    private final int minimumLength;
    private final boolean defaultKey;
    private final @Nullable String requires;

    private PropertySchema(JsonNode node) {
        type = node.path("type").asString("string");
        optional = node.path("optional").asInt(0) == 1;
        JsonNode form = node.path("format");
        format = form.isString() ? form.asString() : null;
        fields = form.isObject() ? fields(form) : Map.of();
        values = node.path("enum").valueStream().map(JsonNode::asString).toList();
        minimum = node.has("minimum") ? node.get("minimum").asDouble() : null;
        maximum = node.has("maximum") ? node.get("maximum").asDouble() : null;
        pattern = node.has("pattern") ? translate(node.get("pattern").asString()) : null;
        maximumLength = node.path("maxLength").asInt(Integer.MAX_VALUE);
        minimumLength = node.path("minLength").asInt(0);
        defaultKey = node.path("default_key").asInt(0) == 1;
        requires = node.has("requires") ? node.get("requires").asString() : null;
    }

    static PropertySchema read(JsonNode node) {
        return new PropertySchema(node);
    }

    static Map<String, PropertySchema> fields(JsonNode node) {
        Map<String, PropertySchema> fields = new LinkedHashMap<>();
        node.propertyStream().forEach(entry -> fields.put(entry.getKey(), read(entry.getValue())));
        return Map.copyOf(fields);
    }

    public boolean optional() {
        return optional;
    }

    /** Whether a value is a number in answers, though configurations hold text. */
    public boolean integral() {
        return type.equals("integer") || type.equals("boolean");
    }

    boolean defaultKey() {
        return defaultKey;
    }

    @Nullable
    String requires() {
        return requires;
    }

    /** The fields of a property string, empty for plain values. */
    public Map<String, PropertySchema> fields() {
        return fields;
    }

    /** Why the value is refused, or null where it is fine. */
    @Nullable
    String complaint(String name, String value) {
        if (!typed(value)) {
            return "type check ('" + type + "') failed - got '" + value + "'";
        }
        String formed = formComplaint(name, value);
        if (formed != null) {
            return "invalid format - " + formed;
        }
        if (!values.isEmpty() && !values.contains(value)) {
            return "value '" + value + "' does not have a value in the enumeration '" + String.join(", ", values) + "'";
        }
        if (pattern != null && !pattern.matcher(value).matches()) {
            return "value does not match the regex pattern";
        }
        if (value.length() > maximumLength) {
            return "value may only be " + maximumLength + " characters long";
        }
        if (value.length() < minimumLength) {
            return "value must be at least " + minimumLength + " characters long";
        }
        return boundComplaint(value);
    }

    private boolean typed(String value) {
        return switch (type) {
            case "integer" -> value.matches("[+-]?\\d{1,18}");
            case "number" -> value.matches("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?");
            case "boolean" -> value.matches("(?i)1|0|on|off|yes|no|true|false");
            default -> true;
        };
    }

    private @Nullable String formComplaint(String name, String value) {
        if (!fields.isEmpty()) {
            Map<String, String> errors = PropertyString.verify(name, value, fields);
            if (errors.isEmpty()) {
                return null;
            }
            StringBuilder text = new StringBuilder("format error\n");
            errors.forEach(
                    (key, why) -> text.append(key).append(": ").append(why).append('\n'));
            return text.toString();
        }
        return format == null ? null : Formats.complaint(format, value);
    }

    private @Nullable String boundComplaint(String value) {
        if (!type.equals("integer") && !type.equals("number")) {
            return null;
        }
        double number = Double.parseDouble(value);
        if (maximum != null && number > maximum) {
            return "value must have a maximum value of " + plain(maximum);
        }
        if (minimum != null && number < minimum) {
            return "value must have a minimum value of " + plain(minimum);
        }
        return null;
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    /** Perl's spelling to Java's: flag-free groups, and a bare {@code \0}. */
    private static Pattern translate(String perl) {
        return Pattern.compile(perl.replace("(?^:", "(?:").replaceAll("\\\\0(?!\\d)", "\\\\x00"));
    }
}

package io.containr.simulator.schema;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One method of the API: its parameters, who may call it, and whether tokens may. */
public final class MethodSchema {

    private static final Pattern NUMBERED = Pattern.compile("([a-z]+)(0|[1-9][0-9]{0,2})");

    private final Map<String, PropertySchema> parameters;
    private final PermissionRule permission;
    private final boolean tokenAllowed;

    private MethodSchema(Map<String, PropertySchema> parameters, PermissionRule permission, boolean tokenAllowed) {
        this.parameters = parameters;
        this.permission = permission;
        this.tokenAllowed = tokenAllowed;
    }

    static MethodSchema read(JsonNode node) {
        return new MethodSchema(
                PropertySchema.fields(node.get("parameters")),
                PermissionRule.read(node.get("permissions")),
                node.get("token").asBoolean());
    }

    public PermissionRule permission() {
        return permission;
    }

    public boolean tokenAllowed() {
        return tokenAllowed;
    }

    public Map<String, PropertySchema> parameters() {
        return parameters;
    }

    /** The schema of a parameter, {@code mp3} found under {@code mp[n]}; null where there is none. */
    public @Nullable PropertySchema property(String name) {
        PropertySchema exact = parameters.get(name);
        if (exact != null) {
            return exact;
        }
        Matcher numbered = NUMBERED.matcher(name);
        if (!numbered.matches()) {
            return null;
        }
        int bound = numbered.group(1).equals("net") ? 32 : 256;
        return Integer.parseInt(numbered.group(2)) < bound ? parameters.get(numbered.group(1) + "[n]") : null;
    }

    /** Why parameters are refused, by name; empty where all is well. */
    public Map<String, String> verify(Map<String, String> given) {
        Map<String, String> errors = new TreeMap<>();
        given.forEach((name, value) -> {
            PropertySchema schema = property(name);
            String why = schema == null
                    ? "property is not defined in schema and the schema does not allow additional properties"
                    : schema.complaint(name, value);
            if (why != null) {
                errors.put(name, why);
            } else if (schema != null && schema.requires() != null && !given.containsKey(schema.requires())) {
                errors.put(name, "missing property - '" + name + "' requires this property");
            }
        });
        parameters.forEach((name, schema) -> {
            if (!schema.optional() && !given.containsKey(name)) {
                errors.put(name, "property is missing and it is not optional");
            }
        });
        return errors;
    }
}

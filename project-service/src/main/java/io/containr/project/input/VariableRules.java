package io.containr.project.input;

import io.containr.runtime.variables.ProvidedVariables;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** What environment variables must look like, so that each of them can be set and all of them fit into one message. */
public final class VariableRules {

    public static final int MOST = 200;
    public static final int LARGEST_VALUE = 32 * 1024;
    public static final int LARGEST_TOTAL = 128 * 1024;

    private static final int LONGEST_NAME = 255;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private VariableRules() {}

    /** Notes every problem of a set of variables under {@code field} and {@code field.NAME}. */
    public static void check(Problems problems, String field, Map<String, String> variables) {
        if (variables.size() > MOST) {
            problems.add(field, "must not have more than " + MOST + " variables");
        }
        long total = 0;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            String name = variable.getKey();
            String path = field + "." + shown(name);
            problems.check(path, name, VariableRules::name);
            problems.check(path, variable.getValue(), VariableRules::value);
            total += name.length() + bytes(variable.getValue());
        }
        if (total > LARGEST_TOTAL) {
            problems.add(field, "must not be larger than " + LARGEST_TOTAL / 1024 + " KiB in total");
        }
    }

    private static String name(String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new InvalidValueException(
                    "must have a name of letters, digits and underscores that does not start with a digit");
        }
        if (ProvidedVariables.isReserved(name)) {
            throw new InvalidValueException(
                    "must not begin with " + ProvidedVariables.RESERVED_PREFIX + ", which the platform's own do");
        }
        return name;
    }

    private static String value(String value) {
        if (bytes(value) > LARGEST_VALUE) {
            throw new InvalidValueException("must not be larger than " + LARGEST_VALUE / 1024 + " KiB");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidValueException("must not contain a NUL character");
        }
        return value;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shown(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}

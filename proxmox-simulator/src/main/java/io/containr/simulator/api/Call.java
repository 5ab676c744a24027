package io.containr.simulator.api;

import io.containr.simulator.access.Caller;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One authenticated call with its parameters, verified against the schema: from path, query and body alike. */
public record Call(
        Caller caller,
        Map<String, String> parameters,
        @Nullable Path upload) {

    public Call {
        parameters = Map.copyOf(parameters);
    }

    public String text(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw ApiException.invalid(name, "property is missing and it is not optional");
        }
        return value;
    }

    public String text(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }

    public @Nullable String optional(String name) {
        return parameters.get(name);
    }

    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    public boolean flag(String name) {
        return flag(name, false);
    }

    public boolean flag(String name, boolean otherwise) {
        String value = parameters.get(name);
        return value == null ? otherwise : isTrue(value);
    }

    public long number(String name, long otherwise) {
        String value = parameters.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    public String node() {
        return text("node");
    }

    public int vmid() {
        return Integer.parseInt(text("vmid"));
    }

    /** Proxmox's idea of a boolean. */
    public static boolean isTrue(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "on", "yes", "true" -> true;
            default -> false;
        };
    }
}

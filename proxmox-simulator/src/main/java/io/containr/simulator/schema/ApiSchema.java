package io.containr.simulator.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The methods this simulator offers, as Proxmox VE 9.2 describes them: {@code api-schema.json} is cut from its published API description
 * by {@code src/schema/extract.py}. Keys look like {@code GET /nodes/{node}/lxc}.
 */
public final class ApiSchema {

    private final Map<String, MethodSchema> methods;

    private ApiSchema(Map<String, MethodSchema> methods) {
        this.methods = Map.copyOf(methods);
    }

    public static ApiSchema load() {
        try (InputStream stream = Objects.requireNonNull(ApiSchema.class.getResourceAsStream("api-schema.json"))) {
            JsonNode root = JsonMapper.builder().build().readTree(stream);
            Map<String, MethodSchema> methods = new HashMap<>();
            root.propertyStream().forEach(entry -> methods.put(entry.getKey(), MethodSchema.read(entry.getValue())));
            return new ApiSchema(methods);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema of a method that must exist. */
    public MethodSchema method(String key) {
        MethodSchema method = methods.get(key);
        if (method == null) {
            throw new IllegalArgumentException("no such method: " + key);
        }
        return method;
    }

    public Set<String> keys() {
        return methods.keySet();
    }
}

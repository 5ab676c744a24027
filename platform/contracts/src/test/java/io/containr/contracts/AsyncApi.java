package io.containr.contracts;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes the AsyncAPI 3.0 document of every topic, from the table and the records themselves. */
final class AsyncApi {

    private final StringBuilder out = new StringBuilder();
    private final Map<String, Class<?>> schemas = new TreeMap<>();

    String document() {
        line(0, "asyncapi: 3.0.0");
        line(0, "info:");
        line(1, "title: Containr events");
        line(1, "version: 1.0.0");
        line(1, "description: >-");
        line(
                2,
                "CloudEvents 1.0 in Kafka's binary mode: attributes are headers with the prefix ce_, the value is JSON.");
        line(2, "Kept by hand is the table of messages; this file is generated from it.");
        line(0, "defaultContentType: application/json");
        line(0, "channels:");
        Topics.ALL.forEach(this::channel);
        line(0, "operations:");
        Topics.ALL.forEach(topic -> {
            line(1, "read." + topic + ":");
            line(2, "action: receive");
            line(2, "channel:");
            line(3, "$ref: '#/channels/" + topic + "'");
        });
        line(0, "components:");
        line(1, "messages:");
        MessageTypes.ALL.forEach(this::message);
        line(1, "schemas:");
        MessageTypes.ALL.forEach(type -> collect(type.payload()));
        schemas.values().forEach(this::schema);
        return out.toString();
    }

    private void channel(String topic) {
        line(1, topic + ":");
        line(2, "address: " + topic);
        List<MessageType> types = MessageTypes.ALL.stream()
                .filter(type -> type.topic().equals(topic))
                .toList();
        if (!types.isEmpty()) {
            line(2, "messages:");
            types.forEach(type -> {
                line(3, type.wireName() + ":");
                line(4, "$ref: '#/components/messages/" + type.wireName() + "'");
            });
        }
    }

    private void message(MessageType type) {
        line(2, type.wireName() + ":");
        line(3, "name: " + type.wireName());
        line(3, "headers:");
        line(4, "type: object");
        line(4, "properties:");
        line(5, "ce_type: {const: " + type.wireName() + "}");
        line(5, "ce_dataschema: {const: '" + type.dataSchema() + "'}");
        line(3, "payload:");
        line(4, "$ref: '#/components/schemas/" + name(type.payload()) + "'");
    }

    private void collect(Class<?> type) {
        if (!type.isRecord() || isText(type) || schemas.containsKey(name(type))) {
            return;
        }
        schemas.put(name(type), type);
        for (RecordComponent component : type.getRecordComponents()) {
            collect(raw(component.getGenericType()));
            if (component.getGenericType() instanceof ParameterizedType generic) {
                for (Type argument : generic.getActualTypeArguments()) {
                    collect(raw(argument));
                }
            }
        }
    }

    private void schema(Class<?> type) {
        line(2, name(type) + ":");
        line(3, "type: object");
        List<String> required = Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(RecordComponent::getName)
                .toList();
        line(3, "required: " + required);
        line(3, "properties:");
        for (RecordComponent component : type.getRecordComponents()) {
            line(4, component.getName() + ": " + property(component.getGenericType()));
        }
    }

    private String property(Type type) {
        Class<?> raw = raw(type);
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return Map.class.isAssignableFrom(raw)
                    ? "{type: object, additionalProperties: " + property(last) + "}"
                    : "{type: array, items: " + property(last) + "}";
        }
        if (Set.of(int.class, long.class, Integer.class, Long.class).contains(raw)) {
            return "{type: integer}";
        }
        if (raw == double.class || raw == Double.class) {
            return "{type: number}";
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return "{type: boolean}";
        }
        if (raw == Instant.class) {
            return "{type: string, format: date-time}";
        }
        if (raw == Duration.class) {
            return "{type: string, format: duration}";
        }
        if (raw.isEnum()) {
            return "{type: string, enum: " + enumeration(raw) + "}";
        }
        if (raw.isRecord() && !isText(raw)) {
            return "{$ref: '#/components/schemas/" + name(raw) + "'}";
        }
        if (raw == UUID.class || isId(raw)) {
            return "{type: string, format: uuid}";
        }
        if (raw == String.class || raw == URI.class || isText(raw)) {
            return "{type: string}";
        }
        throw new IllegalArgumentException("how is a " + raw + " told?");
    }

    private static List<String> enumeration(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> JsonMapper.shared().valueToTree(constant).asString())
                .toList();
    }

    private static boolean isText(Class<?> type) {
        return isId(type) || type == Sealed.class;
    }

    private static boolean isId(Class<?> type) {
        return type.isRecord()
                && type.getRecordComponents().length == 1
                && type.getRecordComponents()[0].getType() == UUID.class;
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic ? raw(generic.getRawType()) : (Class<?>) type;
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : outer.getSimpleName() + "." + type.getSimpleName();
    }

    private void line(int indent, String text) {
        out.append("  ".repeat(indent)).append(text).append('\n');
    }
}

package io.containr.audit.intake;

import io.containr.contracts.MessageTypes;
import io.containr.contracts.Sealed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The data of a message without its secrets. Of a known type every value that the contract calls sealed is left out,
 * wherever it is; of any type also whatever has a name that secrets have.
 */
final class Details {

    static final String LEFT_OUT = "[sealed]";

    private static final Pattern SECRET_NAME = Pattern.compile(
            ".*(secret|password|passwd|token|credential|sealed|private_?key|api_?key).*", Pattern.CASE_INSENSITIVE);
    private static final Set<String> MAPS_OF_VALUES = Set.of("variables", "environment", "env");
    private static final Object FOUND = new Object();

    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule().addSerializer(Sealed.class, new Collector()))
            .build();

    /** @throws UnreadableMessageException if it is not of the known type that it says */
    String of(Message message) {
        Set<String> sealed = MessageTypes.bySchema(message.schema())
                .map(type -> sealedValues(message, type.payload()))
                .orElse(Set.of());
        return json.writeValueAsString(object(message.data(), sealed, false));
    }

    private Set<String> sealedValues(Message message, Class<?> payload) {
        Set<String> found = new HashSet<>();
        try {
            json.writer().withAttribute(FOUND, found).writeValueAsBytes(json.readValue(message.raw(), payload));
        } catch (JacksonException e) {
            throw new UnreadableMessageException("not a " + payload.getSimpleName(), e);
        }
        return found;
    }

    private static JsonNode clean(String name, JsonNode node, Set<String> sealed, boolean valuesAreSecret) {
        boolean secret = valuesAreSecret || SECRET_NAME.matcher(name).matches();
        return switch (node) {
            case ObjectNode object -> object(object, sealed, secret || MAPS_OF_VALUES.contains(name));
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(element -> copy.add(clean(name, element, sealed, valuesAreSecret)));
                yield copy;
            }
            default -> {
                boolean leftOut = node.isString() && (secret || sealed.contains(node.asString()));
                yield leftOut ? JsonNodeFactory.instance.stringNode(LEFT_OUT) : node;
            }
        };
    }

    private static ObjectNode object(ObjectNode object, Set<String> sealed, boolean valuesAreSecret) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            copy.set(field.getKey(), clean(field.getKey(), field.getValue(), sealed, valuesAreSecret));
        }
        return copy;
    }

    /** Notes each sealed value of what is written. */
    private static final class Collector extends ValueSerializer<Sealed> {

        @Override
        @SuppressWarnings("unchecked")
        public void serialize(Sealed value, JsonGenerator generator, SerializationContext context) {
            ((Set<String>) context.getAttribute(FOUND)).add(value.ciphertext());
            generator.writeString(LEFT_OUT);
        }
    }
}

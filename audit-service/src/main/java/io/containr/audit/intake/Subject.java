package io.containr.audit.intake;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a message says happened to what. Derived from its type and the fields it names, so that a new type needs nothing
 * here: {@code containr.project.service-created} with a field {@code service} is a service that was created;
 * {@code containr.build.failed} with a field {@code build}, a build that failed.
 *
 * @param resource such as {@code service}
 * @param id of that resource
 * @param action in the past tense, such as {@code created}
 * @param project it belongs to, null where the message names none
 * @param projectOwner null where the message names none
 */
record Subject(
        String resource,
        String id,
        String action,
        @Nullable UUID project,
        @Nullable UUID projectOwner) {

    /** Where the name of an area is not the word for what it is about. */
    private static final Map<String, String> AREAS =
            Map.of("identity", "user", "deploy", "deployment", "agent", "instance");

    /** Objects inside a message that say on behalf of it what it is about. */
    private static final String[] WITHIN = {"spec", "instance"};

    static Subject of(Message message) {
        String[] words = message.type().split("\\.", 3);
        String area = words.length > 1 ? AREAS.getOrDefault(words[1], words[1]) : "unknown";
        String event = words[words.length - 1];
        int hyphen = event.indexOf('-');
        ObjectNode data = message.data();
        String noun = hyphen < 0 ? area : event.substring(0, hyphen);
        Optional<String> id = field(data, noun);
        String action = hyphen < 0 || id.isEmpty() ? event : event.substring(hyphen + 1);
        if (id.isEmpty()) {
            noun = area;
            id = field(data, noun);
        }
        if (id.isEmpty() && data.has("service")) {
            noun = "service";
            id = field(data, noun);
        }
        return new Subject(
                noun,
                id.orElse(message.key()),
                action.replace('-', '_'),
                field(data, "project").flatMap(Subject::uuid).orElse(null),
                field(data, "owner").flatMap(Subject::uuid).orElse(null));
    }

    /** An id, directly or as the {@code id} of an object, of the message or of what it is made of. */
    private static Optional<String> field(ObjectNode data, String name) {
        Optional<String> found = text(data.path(name));
        for (int i = 0; found.isEmpty() && i < WITHIN.length; i++) {
            found = text(data.path(WITHIN[i]).path(name));
        }
        return found;
    }

    private static Optional<String> text(JsonNode node) {
        JsonNode value = node.isObject() ? node.path("id") : node;
        return value.isString() && !value.asString().isEmpty() ? Optional.of(value.asString()) : Optional.empty();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

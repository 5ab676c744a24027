package io.containr.project.template;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.ProjectSettings;
import io.containr.runtime.calls.ServiceCalls;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has database-service make a database. Asked and not told by a message:
 * whether the name is free, the version known and the limit not reached is the answer to the user's request, and the database is there
 * once the user has its id.
 */
@Component
class DatabaseOwner {

    private final ServiceCalls calls;
    private final JsonMapper json;

    DatabaseOwner(ProjectSettings settings, JsonMapper json) {
        this.calls =
                new ServiceCalls("database-service", "Databases", settings.databaseService(), Duration.ofSeconds(5));
        this.json = json;
    }

    /** @param version null, as {@code plan} and {@code region}: database-service's usual one */
    record Order(
            ProjectId project,
            String name,
            String type,
            @Nullable String version,
            @Nullable String plan,
            @Nullable String region) {}

    /**
     * Has it made.
     *
     * @param idempotencyKey of the user's request: with it, a repetition gets the id of the database that was made already; null where
     *     it has none
     * @return its id
     * @throws ApiException VALIDATION, NOT_FOUND and CONFLICT as database-service says; DEPENDENCY_UNAVAILABLE where it is away
     */
    String create(Order order, @Nullable String idempotencyKey, Actor actor) {
        ServiceCalls.Answer answer =
                calls.post("/internal/databases", json.writeValueAsBytes(body(order)), idempotencyKey, actor);
        JsonNode body = parse(answer);
        throwIfRefused(answer, body);
        String id = body.path("id").asString("");
        if (id.isEmpty()) {
            throw calls.unavailable(answer);
        }
        return id;
    }

    private static Map<String, @Nullable String> body(Order order) {
        Map<String, @Nullable String> body = new LinkedHashMap<>();
        body.put("project_id", order.project().toString());
        body.put("name", order.name());
        body.put("type", order.type());
        body.put("version", order.version());
        body.put("plan", order.plan());
        body.put("region", order.region());
        return body;
    }

    private JsonNode parse(ServiceCalls.Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (JacksonException e) {
            throw calls.unavailable(answer);
        }
    }

    private void throwIfRefused(ServiceCalls.Answer answer, JsonNode body) {
        if (answer.again()) {
            throw calls.unavailable(answer);
        }
        switch (answer.status()) {
            case 201 -> {}
            case 400 -> {
                Map<String, String> fields = new LinkedHashMap<>();
                body.at("/details/fields")
                        .forEachEntry((field, reason) -> fields.put(
                                field.equals("version") ? TemplateValues.field(TemplateDatabases.VERSION) : field,
                                reason.asString("")));
                throw ApiException.invalid(fields);
            }
            case 401 -> throw ApiException.unauthenticated("The token is not valid any more");
            case 404 -> throw ApiException.notFound("Project");
            case 409 -> throw ApiException.conflict(body.path("error").asString("Conflict"));
            default -> throw calls.unavailable(answer);
        }
    }
}

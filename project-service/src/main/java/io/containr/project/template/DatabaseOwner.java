package io.containr.project.template;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.ProjectSettings;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has database-service make a database, with the user's own token, so that it decides by its own rules. Asked and not told by a message:
 * whether the name is free, the version known and the limit not reached is the answer to the user's request, and the database is there
 * once the user has its id.
 */
@Component
class DatabaseOwner {

    private static final Logger log = LoggerFactory.getLogger(DatabaseOwner.class);
    private static final String AWAY = "Databases are unavailable, try again";

    private final RestClient client;
    private final JsonMapper json;

    DatabaseOwner(ProjectSettings settings, JsonMapper json) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(Duration.ofSeconds(5));
        this.client = RestClient.builder()
                .baseUrl(settings.databaseService())
                .requestFactory(requests)
                .build();
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
     * @return its id
     * @throws ApiException VALIDATION, NOT_FOUND and CONFLICT as database-service says; DEPENDENCY_UNAVAILABLE where it is away
     */
    String create(Order order, Actor actor) {
        try {
            return client.post()
                    .uri("/internal/databases")
                    .headers(headers -> headers.setBearerAuth(actor.token()))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(json.writeValueAsBytes(body(order)))
                    .exchange((request, response) -> read(response));
        } catch (RestClientException e) {
            log.warn("database-service cannot be asked for a database", e);
            throw ApiException.unavailable(AWAY);
        }
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

    private String read(ClientHttpResponse response) throws IOException {
        JsonNode body = parse(response);
        throwIfRefused(response.getStatusCode().value(), body);
        String id = body.path("id").asString("");
        if (id.isEmpty()) {
            throw ApiException.unavailable(AWAY);
        }
        return id;
    }

    private JsonNode parse(ClientHttpResponse response) throws IOException {
        try {
            return json.readTree(response.getBody().readAllBytes());
        } catch (JacksonException e) {
            throw ApiException.unavailable(AWAY);
        }
    }

    private static void throwIfRefused(int status, JsonNode body) {
        switch (status) {
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
            default -> {
                log.warn("database-service answers {} to the request for a database", status);
                throw ApiException.unavailable(AWAY);
            }
        }
    }
}

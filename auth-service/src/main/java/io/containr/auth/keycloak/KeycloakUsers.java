package io.containr.auth.keycloak;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.web.ApiException;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** The users of the realm, by Keycloak's admin API. An e-mail address is also the user's name there. */
public class KeycloakUsers {

    private final RestClient http;

    KeycloakUsers(RestClient http) {
        this.http = http;
    }

    /**
     * Makes a user.
     *
     * @return the id that Keycloak chose
     * @throws ApiException CONFLICT for an address that is taken, VALIDATION for what the realm refuses, such as a weak
     *     password, DEPENDENCY_UNAVAILABLE; after the latter the user may exist
     */
    public UserId create(String email, String name, String password) {
        Map<String, Object> user = representation(email, name);
        user.put("enabled", true);
        user.put("credentials", List.of(Map.of("type", "password", "value", password, "temporary", false)));
        Answer answer = send(HttpMethod.POST, "", user);
        answer.requireAccepted();
        String path = Objects.requireNonNull(answer.location(), "no location of the new user")
                .getPath();
        return UserId.of(path.substring(path.lastIndexOf('/') + 1));
    }

    /**
     * Changes address and name.
     *
     * @throws ApiException NOT_FOUND, and as {@link #create}
     */
    public void update(UserId user, String email, String name) {
        send(HttpMethod.PUT, "/" + user, representation(email, name)).requireAccepted();
    }

    /** Takes a user out; nothing happens where there is none. */
    public void delete(UserId user) {
        Answer answer = send(HttpMethod.DELETE, "/" + user, null);
        if (answer.status().value() != 404) {
            answer.requireAccepted();
        }
    }

    private static Map<String, Object> representation(String email, String name) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("username", email);
        user.put("email", email);
        user.put("firstName", name);
        return user;
    }

    private Answer send(HttpMethod method, String path, @Nullable Object body) {
        try {
            RestClient.RequestBodySpec request = http.method(method).uri(path);
            if (body != null) {
                request.contentType(MediaType.APPLICATION_JSON).body(body);
            }
            return request.exchange((sent, response) -> Answer.of(response));
        } catch (OAuth2AuthorizationException e) {
            throw KeycloakFailure.of(e);
        } catch (RestClientException e) {
            throw KeycloakFailure.of(e);
        }
    }

    private record Answer(HttpStatusCode status, @Nullable URI location, Refusal refusal) {

        static Answer of(RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response) throws IOException {
            HttpStatusCode status = response.getStatusCode();
            Refusal refusal = status.is4xxClientError() ? response.bodyTo(Refusal.class) : null;
            return new Answer(status, response.getHeaders().getLocation(), refusal == null ? Refusal.NONE : refusal);
        }

        void requireAccepted() {
            switch (status.value()) {
                case 200, 201, 204 -> {}
                case 400 -> throw ApiException.invalid(refusal.fields());
                case 404 -> throw ApiException.notFound("User");
                case 409 -> throw ApiException.conflict("A user with this e-mail address exists");
                default -> throw KeycloakFailure.of(status, refusal.error());
            }
        }
    }

    /** Keycloak's three ways to say what is wrong: a list of fields, one field, or an error of the password policy. */
    private record Refusal(
            @JsonProperty("errors") @Nullable List<FieldError> errors,
            @JsonProperty("field") @Nullable String field,
            @JsonProperty("errorMessage") @Nullable String errorMessage,
            @JsonProperty("error") @Nullable String error,
            @JsonProperty("error_description") @Nullable String description) {

        static final Refusal NONE = new Refusal(null, null, null, null, null);

        Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            if (errors != null) {
                errors.forEach(e -> fields.put(nameOf(e.field()), "is not accepted"));
            } else if (field != null) {
                fields.put(nameOf(field), "is not accepted");
            } else if (error != null && error.startsWith("invalidPassword")) {
                fields.put("password", reason());
            } else {
                throw new IllegalStateException("Keycloak refused a user: " + error + " " + errorMessage);
            }
            return fields;
        }

        private String reason() {
            String text = description == null ? "" : description.replaceFirst("^Invalid password: ", "");
            return text.isBlank() ? "is not accepted" : text.replaceFirst("\\.$", "");
        }

        private static String nameOf(@Nullable String attribute) {
            return switch (attribute) {
                case "username", "email" -> "email";
                case "firstName" -> "name";
                case null, default -> "body";
            };
        }
    }

    private record FieldError(
            @JsonProperty("field") @Nullable String field) {}
}

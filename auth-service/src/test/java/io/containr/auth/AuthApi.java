package io.containr.auth;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of auth-service as a client sees it. */
final class AuthApi {

    static final String PASSWORD = "correct horse";

    private final JsonMapper json = JsonMapper.shared();
    private final RestClient client;

    AuthApi(int port) {
        this.client = RestClient.builder()
                .baseUrl("http://127.0.0.1:" + port + "/api/v1")
                .defaultStatusHandler(status -> true, (request, response) -> {})
                .build();
    }

    static String newEmail() {
        return "user-" + UUID.randomUUID() + "@example.com";
    }

    Answer register(String email, String password, String name) {
        return send(
                HttpMethod.POST, "/auth/register", Map.of("email", email, "password", password, "name", name), null);
    }

    Answer register(String email, String invitation) {
        return send(
                HttpMethod.POST,
                "/auth/register",
                Map.of("email", email, "password", PASSWORD, "name", "Guest", "invitation", invitation),
                null);
    }

    Answer login(String email, String password) {
        return send(HttpMethod.POST, "/auth/login", Map.of("email", email, "password", password), null);
    }

    Answer refresh(String refreshToken) {
        return send(HttpMethod.POST, "/auth/refresh", Map.of("refresh_token", refreshToken), null);
    }

    Answer logout(String refreshToken) {
        return send(HttpMethod.POST, "/auth/logout", Map.of("refresh_token", refreshToken), null);
    }

    Answer invite(String token) {
        return send(HttpMethod.POST, "/auth/invitations", null, token);
    }

    Answer profile(@Nullable String token) {
        return send(HttpMethod.GET, "/user/profile", null, token);
    }

    Answer changeProfile(String token, Map<String, String> change) {
        return send(HttpMethod.PUT, "/user/profile", new HashMap<>(change), token);
    }

    Answer send(HttpMethod method, String path, @Nullable Object body, @Nullable String token) {
        RestClient.RequestBodySpec request = client.method(method).uri(path).header("User-Agent", "auth-test");
        if (token != null) {
            request.headers(headers -> headers.setBearerAuth(token));
        }
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).body(json.writeValueAsString(body));
        }
        return request.exchange((sent, response) -> {
            String text = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(response.getStatusCode().value(), text.isEmpty() ? json.nullNode() : json.readTree(text));
        });
    }

    record Answer(int status, JsonNode body) {

        String text(String pointer) {
            return body.at(pointer).asString();
        }
    }
}

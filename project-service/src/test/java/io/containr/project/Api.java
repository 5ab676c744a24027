package io.containr.project;

import io.containr.contracts.ids.UserId;
import io.containr.testing.TestTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user's view of the API, over real HTTP. */
public final class Api {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String base;
    private final UserId user;
    private final String token;

    private Api(int port, UserId user) {
        this.base = "http://127.0.0.1:" + port;
        this.user = user;
        this.token = TestTokens.bearer(user, user + "@example.com");
    }

    /** Somebody whom nobody has seen before. */
    public static Api newUser(int port) {
        return new Api(port, new UserId(UUID.randomUUID()));
    }

    public UserId user() {
        return user;
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    public Answer post(String path, String body) {
        return send("POST", path, body, Map.of());
    }

    public Answer post(String path, String body, Map<String, String> headers) {
        return send("POST", path, body, headers);
    }

    public Answer put(String path, String body) {
        return send("PUT", path, body, Map.of());
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, body, Map.of());
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), Map.of());
    }

    /** The id of a new project. */
    public String newProject(String name) {
        return post("/api/v1/projects", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .text("id");
    }

    /** The id of a new service made from an image. */
    public String newService(String project, String name) {
        return post(
                        "/api/v1/projects/" + project + "/services",
                        "{\"name\":\"" + name
                                + "\",\"type\":\"web\",\"source\":{\"type\":\"image\",\"image\":\"nginx\"}}")
                .expect(201)
                .text("id");
    }

    /** Does not say in advance how long the body is. */
    public Answer postInChunks(String path, String body, Map<String, String> headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return send("POST", path, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)), headers);
    }

    private Answer send(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, BodyPublishers.ofString(body), headers);
    }

    private Answer send(String method, String path, BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .header("User-Agent", "test-agent")
                .header("Content-Type", "application/json")
                .method(method, body);
        headers.forEach(request::header);
        try {
            return new Answer(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What came back. */
    public record Answer(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String text(String field) {
            return json().path(field).asString();
        }

        /** The problem that the answer names for a field. */
        public String problem(String field) {
            return json().path("details").path("fields").path(field).asString("");
        }

        public Answer expect(int status) {
            if (status() != status) {
                throw new AssertionError("expected " + status + " but got " + status() + ": " + body());
            }
            return this;
        }
    }
}

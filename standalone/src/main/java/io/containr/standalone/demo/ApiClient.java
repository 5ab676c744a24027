package io.containr.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Containr's REST API as any client sees it, through the gateway. */
public final class ApiClient {

    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String api;
    private @Nullable String token;

    /** @param gateway such as {@code http://localhost:8080} */
    public ApiClient(String gateway) {
        this.api = gateway + "/api/v1";
    }

    /** Logs in, as a new user where there is none of that address yet. */
    public void loginOrRegister(String email, String password, String name) throws IOException, InterruptedException {
        Answer login = send("POST", "/auth/login", Map.of("email", email, "password", password));
        if (login.status() == 401) {
            post("/auth/register", Map.of("email", email, "password", password, "name", name));
            login = send("POST", "/auth/login", Map.of("email", email, "password", password));
        }
        token = login.expect(200).path("token").asString();
    }

    /** The bearer token of who logged in. */
    public String token() {
        if (token == null) {
            throw new IllegalStateException("not logged in");
        }
        return token;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, null).expect(200);
    }

    public JsonNode post(String path, @Nullable Object body) throws IOException, InterruptedException {
        return send("POST", path, body).expect(201);
    }

    /** Sends whatever is wanted and leaves it to the caller what to make of the answer. */
    public Answer send(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(method + " " + path, answer.statusCode(), parse(answer.body()));
    }

    private JsonNode parse(byte[] body) {
        return body.length == 0 ? json.createObjectNode() : json.readTree(body);
    }

    /** For query parameters. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Status and body of an answer, and what was asked. */
    public record Answer(String request, int status, JsonNode body) {

        /** @throws IOException with the API's own words for any other status */
        public JsonNode expect(int wanted) throws IOException {
            if (status != wanted) {
                throw new IOException(request + " answered " + status + ": " + body);
            }
            return body;
        }
    }
}

package io.containr.standalone;

import io.containr.standalone.Contract.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends operations of the contract through the gateway, good ones and bad ones, just as they are given. */
final class ContractClient {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String gateway;

    ContractClient(String gateway) {
        this.gateway = gateway;
    }

    String document() throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(gateway + "/api/v1/openapi.yaml"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    Received send(Operation operation, Sent sent) throws IOException, InterruptedException {
        String query = sent.query().entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(gateway + "/api/v1" + sent.path() + (query.isEmpty() ? "" : "?" + query)))
                .timeout(Duration.ofSeconds(30))
                .method(
                        operation.method().name(),
                        sent.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(sent.body()));
        if (sent.body() != null) {
            request.header("Content-Type", sent.contentType());
        }
        if (sent.token() != null) {
            request.header("Authorization", "Bearer " + sent.token());
        }
        sent.headers().forEach(request::header);
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Received(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(null),
                response.body());
    }

    /** As one segment of a path or one word of a query. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * A request.
     *
     * @param path below {@code /api/v1}, encoded
     * @param query parameters, not encoded
     * @param body null: none
     */
    record Sent(
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            @Nullable String token,
            byte @Nullable [] body,
            String contentType) {

        static final String JSON = "application/json";

        static Sent to(String path) {
            return new Sent(path, Map.of(), Map.of(), null, null, JSON);
        }

        Sent as(@Nullable String token) {
            return new Sent(path, query, headers, token, body, contentType);
        }

        Sent query(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(query);
            more.put(name, value);
            return new Sent(path, more, headers, token, body, contentType);
        }

        Sent header(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Sent(path, query, more, token, body, contentType);
        }

        Sent text(String text, String type) {
            return new Sent(path, query, headers, token, text.getBytes(StandardCharsets.UTF_8), type);
        }

        Sent body(Object value) {
            return text(JsonMapper.shared().writeValueAsString(value), JSON);
        }

        @Override
        public String toString() {
            return path + " " + query + " " + headers + (token == null ? "" : " with a token")
                    + (body == null ? "" : " " + new String(body, StandardCharsets.UTF_8));
        }
    }

    /** An answer. */
    record Received(int status, @Nullable String contentType, byte[] body) {

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return status + " " + text();
        }
    }
}

package io.containr.agent.proxmox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/**
 * The API's manners: parameters in the query of GET and DELETE and form-encoded in the body of POST and PUT, always of a
 * known length; answers in {@code data}; errors in {@code message} and {@code errors}, or without any body. Every call
 * throws {@link ProxmoxException}.
 */
public final class ProxmoxTransport {

    private static final int LONGEST_MESSAGE = 2000;

    private final RestClient client;
    private final JsonMapper json = JsonMapper.builder().build();

    /** @param client knows base URL, credentials and whom to trust */
    ProxmoxTransport(RestClient client) {
        this.client = client;
    }

    public JsonNode get(String path, Object... variables) {
        return call(HttpMethod.GET, path, variables, null);
    }

    /** What is in a list. An answer that is none is not taken for an empty one. */
    public Stream<JsonNode> list(String path, Object... variables) {
        JsonNode data = get(path, variables);
        require(data.isArray(), path, "the answer is no list");
        return data.valueStream();
    }

    /** Something with fields. An answer that is not is not taken for one that has none of them. */
    public JsonNode object(String path, Object... variables) {
        JsonNode data = get(path, variables);
        require(data.isObject(), path, "the answer has no fields");
        return data;
    }

    private static void require(boolean asExpected, String path, String otherwise) {
        if (!asExpected) {
            throw new ProxmoxException(ProxmoxFailure.OUTCOME_UNKNOWN, "GET " + path, otherwise);
        }
    }

    public JsonNode post(Map<String, String> form, String path, Object... variables) {
        return call(HttpMethod.POST, path, variables, form);
    }

    public JsonNode put(Map<String, String> form, String path, Object... variables) {
        return call(HttpMethod.PUT, path, variables, form);
    }

    public JsonNode delete(String path, Object... variables) {
        return call(HttpMethod.DELETE, path, variables, null);
    }

    /** Sends a file as the last part of a form; its length is told, since Proxmox takes no chunks. */
    public JsonNode upload(Map<String, String> fields, Path file, String fileName, String path, Object... variables) {
        String boundary = "containr-" + UUID.randomUUID();
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value)));
        text.append(
                "--%s\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(boundary, fileName));
        byte[] head = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        String call = "POST " + path;
        try {
            StreamingHttpOutputMessage.Body body = out -> {
                out.write(head);
                Files.copy(file, out);
                out.write(tail);
            };
            return exchange(
                    call,
                    client.post()
                            .uri(path, variables)
                            .accept(MediaType.APPLICATION_JSON)
                            .contentType(MediaType.parseMediaType("multipart/form-data; boundary=" + boundary))
                            .contentLength(head.length + Files.size(file) + tail.length)
                            .body(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode call(HttpMethod method, String path, Object[] variables, @Nullable Map<String, String> form) {
        String call = method + " " + path;
        RestClient.RequestBodySpec request =
                client.method(method).uri(path, variables).accept(MediaType.APPLICATION_JSON);
        if (form != null && !form.isEmpty()) {
            request = request.contentType(MediaType.APPLICATION_FORM_URLENCODED).body(encode(form));
        }
        return exchange(call, request);
    }

    private JsonNode exchange(String call, RestClient.RequestHeadersSpec<?> request) {
        try {
            JsonNode data = request.exchange((sent, answer) -> read(call, answer));
            return data == null ? NullNode.getInstance() : data;
        } catch (ResourceAccessException e) {
            throw new ProxmoxException(
                    neverSent(e) ? ProxmoxFailure.UNAVAILABLE : ProxmoxFailure.OUTCOME_UNKNOWN,
                    call,
                    String.valueOf(e.getMostSpecificCause()),
                    e);
        }
    }

    private JsonNode read(String call, ClientHttpResponse answer) throws IOException {
        int status = answer.getStatusCode().value();
        byte[] body = answer.getBody().readAllBytes();
        if (status == 200) {
            return data(call, body);
        }
        String message = message(status, body);
        throw new ProxmoxException(ProxmoxFailure.ofAnswer(status, message), call, status + " " + message);
    }

    private JsonNode data(String call, byte[] body) {
        JsonNode data;
        try {
            data = json.readTree(body).path("data");
        } catch (JacksonException e) {
            throw new ProxmoxException(ProxmoxFailure.OUTCOME_UNKNOWN, call, "the answer is not JSON", e);
        }
        if (data.isMissingNode()) {
            throw new ProxmoxException(ProxmoxFailure.OUTCOME_UNKNOWN, call, "the answer has no data");
        }
        return data;
    }

    private String message(int status, byte[] body) {
        JsonNode root;
        try {
            root = body.length == 0 ? NullNode.getInstance() : json.readTree(body);
        } catch (JacksonException e) {
            return shorten(new String(body, StandardCharsets.UTF_8));
        }
        StringJoiner text = new StringJoiner("; ");
        if (root.path("message").isString()) {
            text.add(root.path("message").asString().strip());
        }
        root.path("errors")
                .properties()
                .forEach(error -> text.add(
                        error.getKey() + ": " + error.getValue().asString().strip()));
        return text.length() == 0 ? "no message" : shorten(text.toString());
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_MESSAGE ? text.strip() : text.substring(0, LONGEST_MESSAGE) + "…";
    }

    private static boolean neverSent(ResourceAccessException e) {
        Throwable cause = e.getMostSpecificCause();
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || e.getCause() instanceof ConnectException
                || e.getCause() instanceof HttpConnectTimeoutException;
    }

    private static byte[] encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
    }
}

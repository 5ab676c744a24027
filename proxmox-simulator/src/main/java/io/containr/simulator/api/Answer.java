package io.containr.simulator.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A finished answer: status line and body. */
record Answer(int status, String reason, String contentType, byte[] body) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String JSON = "application/json;charset=UTF-8";

    static Answer ok(@Nullable Object data) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (data instanceof Paged paged) {
            body.put("data", paged.data());
            body.put("total", paged.total());
        } else {
            body.put("data", data);
        }
        return new Answer(200, "OK", JSON, MAPPER.writeValueAsBytes(body));
    }

    static Answer refusal(ApiException refusal) {
        String message = refusal.getMessage();
        if (!refusal.json()) {
            byte[] text = refusal.status() == 401 || refusal.status() >= 595
                    ? new byte[0]
                    : message.getBytes(StandardCharsets.UTF_8);
            return new Answer(refusal.status(), firstLine(message), "text/plain", text);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("data", null);
        body.put("message", message.endsWith("\n") ? message : message + "\n");
        if (!refusal.errors().isEmpty()) {
            body.put("errors", refusal.errors());
        }
        return new Answer(refusal.status(), firstLine(message), JSON, MAPPER.writeValueAsBytes(body));
    }

    static Answer status(int code, String reason, boolean withBody) {
        return refusal(ApiException.withStatus(code, reason)).withoutBodyUnless(withBody);
    }

    static Answer garbage() {
        return new Answer(200, "OK", JSON, "<html>bad gateway\u0000{".getBytes(StandardCharsets.UTF_8));
    }

    private Answer withoutBodyUnless(boolean wanted) {
        return wanted ? this : new Answer(status, reason, contentType, new byte[0]);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").replaceAll("[^\\x20-\\x7e]", "?");
    }
}

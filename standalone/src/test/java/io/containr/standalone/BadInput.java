package io.containr.standalone;

import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.strings;

import io.containr.standalone.Contract.Operation;
import io.containr.standalone.ContractClient.Sent;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.quicktheories.api.Pair;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.Generate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generates requests from the contract itself: mostly of the right shape, with parts replaced by what nobody should send.
 * The same seed gives the same requests.
 */
final class BadInput {

    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\u0007\u001b[31m",
            "\r\nX-Injected: yes",
            "../../../etc/passwd",
            "/etc/passwd",
            "..\\..\\windows",
            "%2e%2e%2f",
            "%",
            "${jndi:ldap://127.0.0.1/a}",
            "${{Nobody.KEY}}",
            "{{7*7}}",
            "' or 1=1 --",
            "\"; drop table project; --",
            "<script>alert(1)</script>",
            "--upload-pack=touch /tmp/x",
            "-oProxyCommand=touch /tmp/x",
            "ext::sh -c touch% /tmp/x",
            "file:///etc/passwd",
            "http://user:secret@127.0.0.1/repo.git",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:1/x.git",
            "docker.io/../x",
            "UPPER/Case:latest",
            "\u202eright to left",
            "zero\u200bwidth",
            "e\u0301\u0301\u0301",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ud800",
            "İıſ",
            "null",
            "true",
            "-1",
            "99999999999999999999",
            "1e400",
            "NaN",
            "0x7f",
            "x".repeat(300),
            "y".repeat(70_000));

    private static final List<Object> OTHER_TYPES = List.of(
            0,
            -1,
            Long.MAX_VALUE,
            1.5e300,
            true,
            List.of(),
            List.of(1, "a", List.of()),
            Map.of(),
            Map.of("a", Map.of("b", List.of())));

    private static final List<String> BROKEN_BODIES = List.of(
            "",
            "{",
            "[",
            "}",
            "nul",
            "\"",
            "{\"a\":}",
            "{\"name\":\"a\",}",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "// comment",
            "\ufeff{}",
            "[".repeat(3000),
            "{\"a\":".repeat(3000),
            "1".repeat(5000));

    private final Map<String, String> ids;
    private final String token;

    /**
     * @param ids of resources that exist, by the path's first segment
     * @param token a good one
     */
    BadInput(Map<String, String> ids, String token) {
        this.ids = ids;
        this.token = token;
    }

    Gen<Sent> requests(Operation operation) {
        Gen<Sent> sent = path(operation).zip(credentials(operation), (path, credential) -> {
            Sent request = Sent.to(path);
            return credential.isEmpty() ? request : request.as(credential);
        });
        for (Parameter parameter : parameters(operation)) {
            if ("query".equals(parameter.getIn())) {
                sent = sent.zip(
                        often(60, value(parameter.getSchema(), 1)),
                        (request, given) -> given.isPresent()
                                ? request.query(parameter.getName(), shortened(String.valueOf(given.get())))
                                : request);
            }
        }
        if (operation.method().name().equals("POST")) {
            sent = sent.zip(
                    often(15, Generate.pick(List.of("key", "k".repeat(255), "k".repeat(256), "with space", "!"))),
                    (request, key) -> key.isPresent() ? request.header("Idempotency-Key", key.get()) : request);
        }
        if (operation.body().isPresent()) {
            sent = sent.zip(body(operation.body().get()), (request, text) -> request.text(text, Sent.JSON));
        }
        return sent;
    }

    /** A request line of any length is another matter: the HTTP server itself refuses it. */
    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) : text;
    }

    private static List<Parameter> parameters(Operation operation) {
        List<Parameter> parameters = operation.description().getParameters();
        return parameters == null ? List.of() : parameters;
    }

    private Gen<String> path(Operation operation) {
        String first = operation.path().split("/")[1];
        String own =
                ids.getOrDefault(first.equals("git") ? "providers" : first, "01900000-0000-7000-8000-000000000000");
        Gen<String> id = Generate.frequency(
                Pair.of(70, Generate.constant(own)),
                Pair.of(10, Generate.constant("01900000-0000-7000-8000-000000000001")),
                Pair.of(
                        20,
                        Generate.pick(NASTY.stream()
                                .filter(text -> !text.isBlank() && text.length() < 400)
                                .filter(text -> text.codePoints().noneMatch(Character::isISOControl))
                                .map(ContractClient::encode)
                                .toList())));
        return operation.path().contains("{")
                ? id.map(text -> operation.path().replaceAll("\\{[^}]+}", Matcher.quoteReplacement(text)))
                : Generate.constant(operation.path());
    }

    private Gen<String> credentials(Operation operation) {
        if (!operation.needsToken()) {
            return Generate.constant("");
        }
        return Generate.frequency(
                Pair.of(90, Generate.constant(token)),
                Pair.of(5, Generate.constant("")),
                Pair.of(5, Generate.pick(List.of("x", "a.b.c", token.substring(0, token.length() - 4) + "AAAA"))));
    }

    private static Gen<String> body(Schema<?> schema) {
        return Generate.frequency(
                Pair.of(85, value(schema, 0).map(value -> JsonMapper.shared().writeValueAsString(value))),
                Pair.of(15, Generate.pick(BROKEN_BODIES)));
    }

    /** A value of the schema, or now and then of another type, or a nasty text. */
    private static Gen<Object> value(Schema<?> schema, int depth) {
        int odd = depth == 0 ? 5 : 25;
        return Generate.frequency(
                Pair.of(100 - odd, shaped(schema, depth)),
                Pair.of(odd, Generate.pick(OTHER_TYPES).mix(text().map(text -> (Object) text), 70)));
    }

    private static Gen<Object> shaped(Schema<?> schema, int depth) {
        if (depth > 5) {
            return Generate.constant((Object) "deep");
        }
        if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
            return Generate.pick(List.copyOf(schema.getEnum())).map(value -> (Object) value);
        }
        if (schema.getOneOf() != null && !schema.getOneOf().isEmpty()) {
            return shaped(schema.getOneOf().getFirst(), depth + 1);
        }
        String type = schema.getType() == null ? "object" : schema.getType();
        return switch (type) {
            case "integer" -> integers().between(-2, 120).map(number -> (Object) number);
            case "number" -> integers().between(-2, 120).map(number -> (Object) (number / 2.0));
            case "boolean" -> Generate.booleans().map(truth -> (Object) truth);
            case "array" ->
                value(schema.getItems() == null ? new Schema<>() : schema.getItems(), depth + 1)
                        .map(item -> (Object) List.of(item));
            case "object" -> object(schema, depth);
            default ->
                Generate.pick(List.of("demo", "main", "user@example.com", "1", "0.5", "64Mi"))
                        .mix(text(), 40)
                        .map(text -> (Object) text);
        };
    }

    private static Gen<Object> object(Schema<?> schema, int depth) {
        Gen<Map<String, Object>> object = Generate.constant(LinkedHashMap::new);
        Map<String, Gen<Object>> fields = new LinkedHashMap<>();
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> fields.put(name, value(field, depth + 1)));
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            fields.put("KEY", value(values, depth + 1));
            fields.put("not a name", value(values, depth + 1));
        }
        fields.put("unknown_field", Generate.pick(OTHER_TYPES));
        for (Map.Entry<String, Gen<Object>> field : fields.entrySet()) {
            boolean required =
                    schema.getRequired() != null && schema.getRequired().contains(field.getKey());
            object = object.zip(often(required ? 90 : 40, field.getValue()), (whole, given) -> {
                given.ifPresent(value -> whole.put(field.getKey(), value));
                return whole;
            });
        }
        return object.map(whole -> (Object) whole);
    }

    private static Gen<String> text() {
        return Generate.frequency(
                Pair.of(70, Generate.pick(NASTY)),
                Pair.of(15, strings().allPossible().ofLengthBetween(1, 60)),
                Pair.of(15, strings().basicLatinAlphabet().ofLengthBetween(1, 40)));
    }

    private static <T> Gen<Optional<T>> often(int percent, Gen<T> gen) {
        return gen.toOptionals(100 - percent);
    }
}

package io.containr.simulator;

import io.containr.simulator.schema.ApiSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Proxmox VE says its methods return, where this machine has that description. Numbers may come as text and text as numbers, as
 * they do from real nodes; and where a recorded answer of a real node departs from the description, so may ours.
 */
final class ReturnSchemas {

    private record Method(Pattern path, String name, JsonNode returns) {}

    private static @Nullable Optional<ReturnSchemas> instance;

    private final Map<String, List<Method>> methods = new HashMap<>();
    private final Set<String> realDepartures = new HashSet<>();

    /** Empty where the description is not on this machine. */
    static synchronized Optional<ReturnSchemas> find() {
        if (instance == null) {
            instance = Recorded.shared().map(ReturnSchemas::new);
        }
        return instance;
    }

    private ReturnSchemas(Path shared) {
        Map<String, JsonNode> real = real(shared);
        ApiSchema.load().keys().forEach(key -> {
            String[] parts = key.split(" ", 2);
            String regex = Stream.of(parts[1].split("(?=\\{)|(?<=\\})"))
                    .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                    .reduce("", String::concat);
            methods.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                    .add(new Method(
                            Pattern.compile(regex),
                            key,
                            real.get(key) == null
                                    ? Pve.MAPPER.createObjectNode()
                                    : real.get(key).path("returns")));
        });
        try (Stream<Path> files = Files.list(shared.resolve("transcripts"))) {
            // Uploads are written down in another form.
            files.filter(file -> !file.getFileName().toString().contains("upload"))
                    .map(file -> Recorded.read(
                            file.getParent(), file.getFileName().toString().substring(0, 3)))
                    .filter(recorded ->
                            recorded.status() == 200 && recorded.body().startsWith("{"))
                    .forEach(recorded -> realDepartures.addAll(departures(
                            recorded.method(),
                            recorded.path().replaceFirst("/api2/json", ""),
                            Pve.MAPPER.readTree(recorded.body()).path("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every method of the real API, such as {@code GET /nodes}. */
    static Map<String, JsonNode> real(Path shared) {
        Map<String, JsonNode> real = new TreeMap<>();
        try (var stream = new GZIPInputStream(Files.newInputStream(shared.resolve("apidata.json.gz")))) {
            collect(Pve.MAPPER.readTree(stream), real);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return real;
    }

    private static void collect(JsonNode nodes, Map<String, JsonNode> into) {
        nodes.forEach(node -> {
            node.path("info")
                    .propertyStream()
                    .forEach(method ->
                            into.put(method.getKey() + " " + node.get("path").asString(), method.getValue()));
            collect(node.path("children"), into);
        });
    }

    int realDepartures() {
        return realDepartures.size();
    }

    /** In what an answer departs from the description and from every recorded answer, too. */
    List<String> complaints(String method, String path, JsonNode data) {
        return departures(method, path, data).stream()
                .filter(departure -> !realDepartures.contains(departure))
                .toList();
    }

    private List<String> departures(String verb, String path, JsonNode data) {
        String plain = path.replaceFirst("\\?.*", "");
        List<String> found = new ArrayList<>();
        methods.getOrDefault(verb, List.of()).stream()
                .filter(method -> method.path().matcher(plain).matches())
                .findFirst()
                .ifPresent(method -> compare(method.name() + ": ", method.returns(), data, found));
        return found;
    }

    private static void compare(String where, JsonNode schema, JsonNode value, List<String> found) {
        switch (schema.path("type").asString("any")) {
            case "null" -> expect(value.isNull(), where + "is no null", found);
            case "array" -> {
                expect(value.isArray(), where + "is no array", found);
                value.forEach(element -> compare(where + "[] ", schema.path("items"), element, found));
            }
            case "object" -> {
                expect(value.isObject(), where + "is no object", found);
                schema.path("properties").propertyStream().forEach(property -> {
                    String at = where + property.getKey() + " ";
                    JsonNode inner = value.get(property.getKey());
                    if (inner != null) {
                        compare(at, property.getValue(), inner, found);
                    } else {
                        boolean optional = property.getValue().path("optional").asInt(0) == 1;
                        expect(optional || !value.isObject(), at + "is missing", found);
                    }
                });
            }
            case "string" -> {
                expect(value.isString() || value.isNumber(), where + "is no text", found);
                JsonNode allowed = schema.path("enum");
                expect(
                        allowed.isMissingNode()
                                || allowed.valueStream()
                                        .anyMatch(each -> each.asString().equals(value.asString(""))),
                        where + "is none of " + allowed,
                        found);
            }
            case "integer", "number" ->
                expect(
                        value.isNumber() || value.asString("").matches("-?[0-9.]+(e-?\\d+)?"),
                        where + "is no number",
                        found);
            case "boolean" ->
                expect(value.asString("").matches("[01]?|true|false"), where + "is neither 0 nor 1", found);
            default -> {}
        }
    }

    private static void expect(boolean condition, String complaint, List<String> found) {
        if (!condition) {
            found.add(complaint);
        }
    }
}

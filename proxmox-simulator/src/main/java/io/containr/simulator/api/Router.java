package io.containr.simulator.api;

import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.schema.MethodSchema;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the method for a path. Only methods that Proxmox itself describes can be added. */
public final class Router {

    private static final Pattern AROUND = Pattern.compile("^/+|/+$");
    private static final Pattern SLASHES = Pattern.compile("/+");

    private record Route(String method, String[] segments, MethodSchema schema, Handler handler) {}

    /** A method with the parameters found in its path. */
    record Match(MethodSchema schema, Handler handler, Map<String, String> parameters) {}

    private final ApiSchema schema;
    private final List<Route> routes = new ArrayList<>();

    public Router(ApiSchema schema) {
        this.schema = schema;
    }

    /** @param key a method and path as in the schema: {@code GET /nodes/{node}/lxc} */
    public Router add(String key, Handler handler) {
        String[] parts = key.split(" ", 2);
        routes.add(new Route(parts[0], split(parts[1]), schema.method(key), handler));
        return this;
    }

    /** @param path undecoded, below {@code /api2/json} */
    Optional<Match> find(String method, String path) {
        String[] called = split(path);
        Match best = null;
        for (Route route : routes) {
            if (route.method().equals(method)) {
                Map<String, String> parameters = match(route.segments(), called);
                if (parameters != null
                        && (best == null
                                || parameters.size() < best.parameters().size())) {
                    best = new Match(route.schema(), route.handler(), parameters);
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static @Nullable Map<String, String> match(String[] template, String[] called) {
        boolean swallows = template[template.length - 1].equals("{volume}");
        if (called.length < template.length || called.length > template.length && !swallows) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            String segment = template[i];
            if (segment.startsWith("{")) {
                String value = swallows && i == template.length - 1
                        ? String.join("/", List.of(called).subList(i, called.length))
                        : called[i];
                parameters.put(
                        segment.substring(1, segment.length() - 1),
                        URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
            } else if (!segment.equals(called[i])) {
                return null;
            }
        }
        return parameters;
    }

    private static String[] split(String path) {
        return SLASHES.split(AROUND.matcher(path).replaceAll(""));
    }
}

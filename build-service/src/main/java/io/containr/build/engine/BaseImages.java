package io.containr.build.engine;

import io.containr.build.engine.Dockerfile.Instruction;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.runtime.net.DestinationGuard;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a Dockerfile from starting with another tenant's image: the platform's own registry and the engine's own names for
 * images it builds are out of bounds, also where an argument spells them.
 */
final class BaseImages {

    private static final Logger log = LoggerFactory.getLogger(BaseImages.class);
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:([A-Za-z_]\\w*)|\\{([A-Za-z_]\\w*)(?:(:?[-+])([^}]*))?})");

    private final String registry;
    private final DestinationGuard guard;

    BaseImages(String registry, DestinationGuard guard) {
        this.registry = registry.toLowerCase(Locale.ROOT);
        this.guard = guard;
    }

    void check(Dockerfile dockerfile, Map<String, String> arguments) throws BuildFailedException {
        Map<String, String> known = new HashMap<>();
        for (Instruction instruction : dockerfile.instructions()) {
            switch (instruction.name()) {
                case "ARG" -> declare(instruction, arguments, known);
                case "FROM" -> check(image(instruction), known);
                case "COPY", "ADD", "RUN" -> {
                    for (String flag : instruction.flags()) {
                        int from = flag.indexOf("from=");
                        if (from >= 0) {
                            check(flag.substring(from + "from=".length()).split(",", 2)[0], known);
                        }
                    }
                }
                default -> {}
            }
        }
    }

    /** The images that something else than a Dockerfile names. */
    void check(Collection<String> images) throws BuildFailedException {
        for (String image : images) {
            check(image, Map.of());
        }
    }

    private static void declare(Instruction instruction, Map<String, String> arguments, Map<String, String> known) {
        for (String argument : instruction.rest().split("\\s+")) {
            String[] parts = argument.split("=", 2);
            String given = arguments.get(parts[0]);
            String value = given != null ? given : parts.length > 1 ? unquote(expand(parts[1], known)) : null;
            if (value != null) {
                known.put(parts[0], value);
            }
        }
    }

    private static String image(Instruction from) {
        for (String word : from.rest().split("\\s+")) {
            if (!word.startsWith("--")) {
                return word;
            }
        }
        return "";
    }

    private void check(String image, Map<String, String> known) throws BuildFailedException {
        String name = unquote(expand(image, known)).toLowerCase(Locale.ROOT);
        if (name.startsWith(registry + "/") || name.startsWith(EngineImages.NAMESPACE)) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_FORBIDDEN, "A Dockerfile cannot start from the platform's own registry.");
        }
        int slash = name.indexOf('/');
        String host = slash < 0 ? "" : name.substring(0, slash);
        if (host.contains(".") || host.contains(":") || host.equals("localhost")) {
            checkHost(host);
        }
    }

    private void checkHost(String host) throws BuildFailedException {
        try {
            URI uri = URI.create("https://" + host);
            if (uri.getHost() != null) {
                guard.resolve(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
            }
        } catch (ForbiddenDestinationException e) {
            throw new BuildFailedException(
                    BuildErrorCode.IMAGE_FORBIDDEN,
                    "A base image must come from a registry with a public address, unless an operator allows it: "
                            + host,
                    e);
        } catch (UnknownHostException | IllegalArgumentException e) {
            log.debug("The engine will say that {} is no registry", host, e);
        }
    }

    private static String expand(String text, Map<String, String> known) {
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match, known)));
    }

    private static String value(java.util.regex.MatchResult match, Map<String, String> known) {
        String name = match.group(1) != null ? match.group(1) : match.group(2);
        String value = known.getOrDefault(name, "");
        String operator = match.group(3);
        if (operator == null) {
            return value;
        }
        boolean fallback = operator.endsWith("-");
        return value.isEmpty() == fallback ? match.group(4) : fallback ? value : "";
    }

    private static String unquote(String text) {
        return text.replace("\"", "").replace("'", "");
    }
}

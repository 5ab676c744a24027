package io.containr.build.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What railpack tells of a plan in its info file, which older versions write only when they succeed.
 *
 * @param version null where it does not say, or is no release
 */
record RailpackInfo(@Nullable String version, List<String> providers, List<String> problems) {

    private static final RailpackInfo NOTHING = new RailpackInfo(null, List.of(), List.of());
    private static final long MAX_BYTES = 4 << 20;
    private static final int MAX_PROBLEMS = 10;
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+");

    static RailpackInfo read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            return NOTHING;
        }
        try {
            return parse(JsonMapper.shared().readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            return NOTHING;
        }
    }

    private static RailpackInfo parse(JsonNode json) {
        String version = json.path("railpackVersion").asString("").replaceFirst("^v", "");
        List<String> providers = new ArrayList<>();
        for (JsonNode provider : json.path("detectedProviders")) {
            providers.add(provider.asString(""));
        }
        List<String> problems = new ArrayList<>();
        for (JsonNode line : json.path("logs")) {
            if (line.path("level").asString("").equals("error") && problems.size() < MAX_PROBLEMS) {
                problems.add(line.path("msg").asString(""));
            }
        }
        return new RailpackInfo(VERSION.matcher(version).matches() ? version : null, providers, problems);
    }

    String summary() {
        return (version == null ? "" : version + " ")
                + (providers.isEmpty() ? "made a plan" : "found " + String.join(", ", providers));
    }

    /** Continues a sentence; empty where there is nothing to add. */
    String errors() {
        return problems.isEmpty() ? "" : " It says: " + String.join(" ", problems);
    }
}

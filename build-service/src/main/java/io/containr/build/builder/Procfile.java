package io.containr.build.builder;

import io.containr.build.failure.BuildFailedException;
import io.containr.build.source.SourcePaths;
import io.containr.contracts.project.ServiceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The lines of a Procfile: a type of process each, and the command line that a shell starts it with. */
public record Procfile(Map<String, String> lines) {

    private static final String NAME = "Procfile";
    private static final long MAX_BYTES = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]+):\\s*(\\S.*)");

    public Procfile {
        lines = Map.copyOf(lines);
    }

    /** The source's own; one without lines where it has none. */
    public static Procfile of(Path source) throws BuildFailedException, IOException {
        Path file = SourcePaths.file(source, NAME);
        return file == null || Files.size(file) > MAX_BYTES
                ? new Procfile(Map.of())
                : parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    static Procfile parse(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().map(String::strip).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                lines.putIfAbsent(
                        matcher.group(1).toLowerCase(Locale.ROOT),
                        matcher.group(2).strip());
            }
        });
        return new Procfile(lines);
    }

    /**
     * What starts a service of a kind: the line of that name, else the {@code web} line.
     *
     * @param kind null: not known
     */
    public Optional<String> command(@Nullable ServiceKind kind) {
        return ofKind(kind == null ? ServiceKind.WEB : kind).or(() -> ofKind(ServiceKind.WEB));
    }

    /** The line of that name. */
    public Optional<String> ofKind(ServiceKind kind) {
        return Optional.ofNullable(lines.get(kind.name().toLowerCase(Locale.ROOT)));
    }
}

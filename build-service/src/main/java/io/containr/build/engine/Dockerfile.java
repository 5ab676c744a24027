package io.containr.build.engine;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As much of a Dockerfile as must be known before it is built: which frontend it asks for, which arguments it declares,
 * which images it starts from. The engine alone decides whether it is right.
 */
final class Dockerfile {

    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern DIRECTIVE = Pattern.compile("^#\\s*(\\w+)\\s*=\\s*(\\S+)\\s*$");
    private static final Pattern HEREDOC = Pattern.compile("<<-?\\s*([\"']?)([A-Za-z_][A-Za-z0-9_]*)\\1");
    private static final Pattern OFFICIAL_FRONTEND =
            Pattern.compile("(docker\\.io/)?docker/dockerfile(:[\\w.-]+)?(@sha256:[0-9a-f]{64})?");
    private static final Set<String> RUN_FLAGS = Set.of("--mount", "--network", "--security");
    private static final Set<String> CLASSIC_COPY_FLAGS = Set.of("--from", "--chown");

    private final @Nullable String syntax;
    private final List<Instruction> instructions;

    private Dockerfile(@Nullable String syntax, List<Instruction> instructions) {
        this.syntax = syntax;
        this.instructions = instructions;
    }

    static Dockerfile read(Path file) throws BuildFailedException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new BuildFailedException(
                        BuildErrorCode.DOCKERFILE_INVALID, "The Dockerfile is larger than 1 MiB.");
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BuildFailedException(BuildErrorCode.DOCKERFILE_NOT_FOUND, "The Dockerfile cannot be read.", e);
        }
    }

    static Dockerfile parse(String text) {
        Deque<String> lines = new ArrayDeque<>(text.lines().toList());
        String syntax = null;
        char escape = '\\';
        while (!lines.isEmpty()) {
            Matcher directive = DIRECTIVE.matcher(lines.getFirst().strip());
            if (!directive.matches()) {
                break;
            }
            lines.removeFirst();
            switch (directive.group(1).toLowerCase(Locale.ROOT)) {
                case "syntax" -> syntax = directive.group(2);
                case "escape" -> escape = directive.group(2).charAt(0);
                default -> {}
            }
        }
        return new Dockerfile(syntax, instructions(lines, escape));
    }

    private static List<Instruction> instructions(Deque<String> lines, char escape) {
        List<Instruction> instructions = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        while (!lines.isEmpty()) {
            String line = lines.removeFirst().strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            boolean continues = line.charAt(line.length() - 1) == escape;
            statement.append(continues ? line.substring(0, line.length() - 1) + " " : line);
            if (!continues || lines.isEmpty()) {
                Instruction instruction = Instruction.of(statement.toString().strip());
                instructions.add(instruction);
                instruction.heredocs().forEach(end -> skipHeredoc(lines, end));
                statement.setLength(0);
            }
        }
        return List.copyOf(instructions);
    }

    private static void skipHeredoc(Deque<String> lines, String end) {
        while (!lines.isEmpty() && !lines.removeFirst().strip().equals(end)) {
            // Text of the heredoc, no instruction.
        }
    }

    /** Whether the classic builder cannot build it. */
    boolean needsBuildKit() {
        return (syntax != null && !OFFICIAL_FRONTEND.matcher(syntax).matches())
                || instructions.stream().anyMatch(Instruction::needsBuildKit);
    }

    /** Names of all its {@code ARG}s. */
    Set<String> declaredArguments() {
        return instructions.stream()
                .filter(instruction -> instruction.name().equals("ARG"))
                .flatMap(instruction -> Pattern.compile("\\s+").splitAsStream(instruction.rest()))
                .map(argument -> argument.split("=", 2)[0])
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    List<Instruction> instructions() {
        return instructions;
    }

    /**
     * One instruction, its continuation lines joined.
     *
     * @param name in upper case
     * @param rest what follows, flags included
     */
    record Instruction(String name, String rest) {

        static Instruction of(String statement) {
            String[] parts = statement.split("\\s+", 2);
            return new Instruction(parts[0].toUpperCase(Locale.ROOT), parts.length > 1 ? parts[1] : "");
        }

        List<String> flags() {
            List<String> flags = new ArrayList<>();
            for (String word : rest.split("\\s+")) {
                if (!word.startsWith("--")) {
                    break;
                }
                flags.add(word);
            }
            return flags;
        }

        List<String> heredocs() {
            return switch (name) {
                case "RUN", "COPY", "ADD" ->
                    HEREDOC.matcher(rest)
                            .results()
                            .map(result -> result.group(2))
                            .toList();
                default -> List.of();
            };
        }

        boolean needsBuildKit() {
            return switch (name) {
                case "RUN" -> !heredocs().isEmpty() || flags().stream().anyMatch(flag -> RUN_FLAGS.contains(key(flag)));
                case "COPY", "ADD" ->
                    !heredocs().isEmpty() || flags().stream().anyMatch(flag -> !CLASSIC_COPY_FLAGS.contains(key(flag)));
                default -> false;
            };
        }

        private static String key(String flag) {
            return flag.split("=", 2)[0].toLowerCase(Locale.ROOT);
        }
    }
}

package io.containr.simulator.program;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's own programs, by argument lists. */
public final class Programs {

    private static final long PATIENCE_SECONDS = 30;

    private Programs() {}

    /** @param said both its outputs */
    public record Ended(int code, String said) {

        public boolean well() {
            return code == 0;
        }
    }

    /** Where a program lies, by {@code PATH} and the system's own folders; empty where the machine has none of that name. */
    public static Optional<Path> find(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs a program that takes a moment, with that on its standard input. */
    public static Ended run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Ended(-1, "no end after " + PATIENCE_SECONDS + " s");
            }
            return new Ended(process.exitValue(), said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(-1, "interrupted");
        }
    }

    /**
     * Runs a program that may take long, until it ends or this thread is interrupted, which ends the program.
     *
     * @param environment variables beside this process's own
     * @throws IOException with what it said, where it ends with another status than 0
     */
    public static void complete(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path said = Files.createTempFile("program", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(said.toFile());
            builder.environment().putAll(environment);
            await(builder.start(), command, said);
        } finally {
            Files.delete(said);
        }
    }

    private static void await(Process process, List<String> command, Path said)
            throws IOException, InterruptedException {
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException("command '%s' failed: exit code %d: %s"
                        .formatted(
                                String.join(" ", command),
                                code,
                                Files.readString(said).strip()));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}

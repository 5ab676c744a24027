package io.containr.simulator.filter;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's own programs, by argument lists. */
final class Programs {

    private static final long PATIENCE_SECONDS = 30;

    private Programs() {}

    /** @param said both its outputs */
    record Ended(int code, String said) {

        boolean well() {
            return code == 0;
        }
    }

    static Optional<Path> find(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static void require(Ended ended) {
        if (!ended.well()) {
            throw new IllegalStateException("the packet filter cannot be set: " + ended.said());
        }
    }

    static Ended run(List<String> command, String input) {
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
}

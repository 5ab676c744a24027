package io.containr.simulator.filter;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's {@code iptables}, by argument lists. */
final class Iptables {

    /** Where others hold its lock. */
    private static final String WAIT_SECONDS = "10";

    private static final long PATIENCE_SECONDS = 30;

    /** @param said both its outputs */
    record Ended(int code, String said) {

        boolean well() {
            return code == 0;
        }
    }

    private final Path iptables;
    private final Path restore;
    private final Path save;

    private Iptables(Path iptables, Path restore, Path save) {
        this.iptables = iptables;
        this.restore = restore;
        this.save = save;
    }

    /** Empty where the machine has none. */
    static Optional<Iptables> find() {
        return program("iptables")
                .flatMap(iptables -> program("iptables-restore")
                        .flatMap(restore ->
                                program("iptables-save").map(save -> new Iptables(iptables, restore, save))));
    }

    private static Optional<Path> program(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Ended run(String table, String... arguments) {
        List<String> command = new ArrayList<>(List.of(iptables.toString(), "-w", WAIT_SECONDS, "-t", table));
        command.addAll(List.of(arguments));
        return run(command, "");
    }

    /** Everything that is in force, as {@link #restore} would take it. */
    Ended save() {
        return run(List.of(save.toString()), "");
    }

    /** Replaces the chains that the text names, and nothing else, table by table all at once. */
    Ended restore(String text) {
        return run(List.of(restore.toString(), "-w", WAIT_SECONDS, "--noflush"), text);
    }

    private static Ended run(List<String> command, String input) {
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

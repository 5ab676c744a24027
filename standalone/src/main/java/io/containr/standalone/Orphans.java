package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Processes of this installation whose parent died; the next start adopts or ends them. */
final class Orphans {

    private Orphans() {}

    /** Ids of all processes that one of the installation's pid files names. */
    static Set<Long> of(Home home) {
        return Set.copyOf(byName(home).values());
    }

    /** The same by the names of those files; PostgreSQL calls its own {@code postmaster}. */
    static Map<String, Long> byName(Home home) {
        Map<String, Long> ids = new TreeMap<>();
        try (Stream<Path> files = Files.find(
                home.path(),
                4,
                (path, attributes) ->
                        attributes.isRegularFile() && path.toString().endsWith(".pid"))) {
            files.forEach(file -> firstNumber(file)
                    .ifPresent(id -> ids.put(file.getFileName().toString().replace(".pid", ""), id)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }

    private static Optional<Long> firstNumber(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text.split("\\s+")[0]));
        } catch (IOException | NumberFormatException e) {
            // Not a pid file of ours, or gone meanwhile: it names no process.
            return Optional.empty();
        }
    }
}

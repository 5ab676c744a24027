package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Processes of this installation whose parent died; the next start adopts or ends them. */
final class Orphans {

    private Orphans() {}

    /** Ids of all processes that one of the installation's pid files names. */
    static Set<Long> of(Home home) {
        Set<Long> ids = new HashSet<>();
        try (Stream<Path> files = Files.find(
                home.path(),
                4,
                (path, attributes) -> attributes.isRegularFile()
                        && (path.toString().endsWith(".pid") || path.endsWith("postmaster.pid")))) {
            files.forEach(file -> firstNumber(file, ids));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }

    private static void firstNumber(Path file, Set<Long> ids) {
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty()) {
                ids.add(Long.parseLong(text.split("\\s+")[0]));
            }
        } catch (IOException | NumberFormatException e) {
            // Not a pid file of ours, or gone meanwhile: it names no process.
        }
    }
}

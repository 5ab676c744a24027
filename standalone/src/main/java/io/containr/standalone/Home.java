package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where one installation keeps everything: {@code $CONTAINR_HOME}, or {@code .containr} in the project's folder.
 *
 * @param root the project's folder, where the built programs lie
 * @param path absolute
 */
record Home(Path root, Path path) {

    static Home find() {
        Path root = Path.of(System.getProperty("containr.root", "."))
                .toAbsolutePath()
                .normalize();
        Path path = Optional.ofNullable(System.getenv("CONTAINR_HOME"))
                .map(Path::of)
                .orElse(root.resolve(".containr"))
                .toAbsolutePath()
                .normalize();
        return new Home(root, path);
    }

    /** Makes the folder, closed to others: it holds keys and data. */
    void create() {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(run());
            Files.createDirectories(logs());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + path, e);
        }
    }

    Path directory(String name) {
        return path.resolve(name);
    }

    Path run() {
        return path.resolve("run");
    }

    Path logs() {
        return path.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }

    /** Operators' own settings, a file {@code NAME.yml} for each program that needs any. */
    Path settings() {
        return path.resolve("settings");
    }

    Path keyFile() {
        return path.resolve("secrets").resolve("keys.json");
    }

    /** What the platform says while it starts, a line a step. */
    Path progress() {
        return run().resolve("progress");
    }
}

package io.containr.simulator.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * One value kept as a JSON file, readable by its owner alone. A write replaces the file by renaming, so a killed process leaves the old
 * or the new value, never half of one. Nothing is forced to the disk: a power cut may lose the last writes.
 */
public final class JsonFile<T> {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path path;
    private final Class<T> type;

    public JsonFile(Path path, Class<T> type) {
        this.path = path;
        this.type = type;
    }

    /** Empty where the file does not exist; throws {@link UncheckedIOException} where it cannot be read. */
    public Optional<T> read() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(path), type));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    public synchronized void write(T value) {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(next, MAPPER.writeValueAsBytes(value));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    public synchronized void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}

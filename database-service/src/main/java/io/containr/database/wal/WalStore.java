package io.containr.database.wal;

import io.containr.database.DatabaseProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Segments on this machine's disk, compressed, in a directory for each archive. What is named as a segment is whole and on the disk. */
@Component
class WalStore {

    static final String SUFFIX = ".gz";
    private static final String UNFINISHED = ".part";
    private static final Pattern ARCHIVE = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path root;

    WalStore(DatabaseProperties properties) {
        Path directory = properties.wal().directory();
        if (properties.wal().enabled() && directory == null) {
            throw new IllegalStateException("containr.database.wal.directory is needed where wal.enabled is true");
        }
        this.root = directory == null ? Path.of("wal") : directory.toAbsolutePath();
    }

    /** A segment that is being written, and is not there where it is closed without having been finished. */
    static final class Unfinished implements AutoCloseable {

        private final Path directory;
        private final String name;
        private final Path part;
        private final FileChannel file;
        private final GZIPOutputStream out;

        private Unfinished(Path directory, String name) throws IOException {
            this.directory = directory;
            this.name = name;
            this.part = Files.createTempFile(directory, name, UNFINISHED);
            this.file = FileChannel.open(part, StandardOpenOption.WRITE);
            this.out = new GZIPOutputStream(Channels.newOutputStream(file));
        }

        OutputStream out() {
            return out;
        }

        void finish() throws IOException {
            out.finish();
            file.force(true);
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        }

        @Override
        public void close() throws IOException {
            try (file;
                    out) {
                // A full disk fails to take the rest, too; what it took goes all the same.
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    /** One that is there already is written anew. */
    Unfinished begin(UUID archive, String segment) throws IOException {
        Path directory = Files.createDirectories(
                root.resolve(archive.toString()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new Unfinished(directory, segment + SUFFIX);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    Path file(UUID archive, String segment) {
        return root.resolve(archive.toString()).resolve(segment + SUFFIX);
    }

    /** Names of segments, in their order. */
    List<String> segments(UUID archive) {
        Path directory = root.resolve(archive.toString());
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instant storedAt(UUID archive, String segment) throws IOException {
        return Files.getLastModifiedTime(file(archive, segment)).toInstant();
    }

    void delete(UUID archive, String segment) throws IOException {
        Files.deleteIfExists(file(archive, segment));
    }

    void deleteAll(UUID archive) throws IOException {
        FileSystemUtils.deleteRecursively(root.resolve(archive.toString()));
    }

    /** Deletes what was being written when this process was killed. */
    void deleteUnfinished(UUID archive, Instant before) throws IOException {
        Path directory = root.resolve(archive.toString());
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    /** Archives that have a directory. What else lies there, as the lost+found of a disk of its own, is nobody's business. */
    Set<UUID> archives() {
        if (!Files.isDirectory(root)) {
            return Set.of();
        }
        try (Stream<Path> directories = Files.list(root)) {
            return directories
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> ARCHIVE.matcher(name).matches())
                    .map(UUID::fromString)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.containr.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM's ahead-of-time cache of a program: classes loaded and linked in an earlier life, which halves the time of a
 * start. It lies beside the build and is named after it, so that another build never meets it; the JVM itself goes on without
 * one that does not fit. It is made, where that is asked for, when a program that started without one ends, which then takes some seconds more.
 */
final class ClassCache {

    private final Path file;

    private ClassCache(Path file) {
        this.file = file;
    }

    /** @param classPath jars alone; a cache knows no folders */
    static ClassCache of(Path directory, String program, List<Path> classPath) {
        return new ClassCache(directory.resolve(program + "-" + fingerprint(classPath) + ".aot"));
    }

    /**
     * Options of the JVM.
     *
     * @param make whether one is made at the end of the program where there is none
     */
    List<String> options(boolean make) {
        if (Files.exists(file)) {
            // Where it was made for: elsewhere all of it would be read at once, and changed, so that no page of it is
            // shared or let go.
            return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", "-XX:AOTCache=" + file);
        }
        if (!make) {
            return List.of();
        }
        try {
            Files.createDirectories(file.getParent());
            removeOlder();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a class cache in " + file.getParent(), e);
        }
        return List.of("-XX:AOTCacheOutput=" + file);
    }

    private void removeOlder() throws IOException {
        String program = file.getFileName().toString().replaceFirst("-[0-9a-f]+\\.aot$", "-");
        try (Stream<Path> files = Files.list(file.getParent())) {
            for (Path other : files.filter(path -> path.getFileName().toString().startsWith(program))
                    .toList()) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static String fingerprint(List<Path> classPath) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Runtime.version().toString().getBytes(StandardCharsets.UTF_8));
            for (Path jar : classPath) {
                String line = "%s %d %s%n".formatted(jar, Files.size(jar), Files.getLastModifiedTime(jar));
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnClassPathTest {

    @TempDir
    private Path lib;

    @Test
    void aProgramGetsWhatItsJarNamesInWhateverVersionIsThere() throws IOException {
        Path service = jar("my-service-0.1.0-SNAPSHOT.jar", "lib/used-1.0-jre.jar:lib/other-used-jdk18on-1.8.jar\n");
        Path used = lib.resolve("used-2.3.jar");
        Path otherUsed = lib.resolve("other-used-jdk18on-1.8.jar");
        List<Path> all = List.of(lib.resolve("a-1.jar"), service, otherUsed, used, lib.resolve("used-not-1.0.jar"));

        assertThat(OwnClassPath.of("my-service", all)).containsExactly(service, otherUsed, used);
    }

    @Test
    void aProgramWhoseJarSaysNothingOrIsNotThereGetsAll() throws IOException {
        List<Path> all = List.of(lib.resolve("a-1.jar"), jar("my-service-1.jar", null));

        assertThat(OwnClassPath.of("my-service", all)).isEqualTo(all);
        assertThat(OwnClassPath.of("another", all)).isEqualTo(all);
    }

    private Path jar(String name, String classPath) throws IOException {
        Path jar = lib.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            if (classPath != null) {
                out.putNextEntry(new JarEntry("META-INF/class-path"));
                out.write(classPath.getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}

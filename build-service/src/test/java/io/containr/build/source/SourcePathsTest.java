package io.containr.build.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containr.build.failure.BuildFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcePathsTest {

    @TempDir
    Path root;

    private Path source;

    @BeforeEach
    void layOut() throws Exception {
        source = Files.createDirectories(root.resolve("source"));
        Files.writeString(Files.createDirectories(source.resolve("web")).resolve("Dockerfile"), "FROM scratch");
        Files.writeString(root.resolve("secret"), "secret");
        Files.createSymbolicLink(source.resolve("out"), root);
        Files.createSymbolicLink(source.resolve("within"), Path.of("web"));
    }

    @Test
    void pathsInsideAreFound() throws Exception {
        assertThat(SourcePaths.directory(source, null)).isEqualTo(source.toRealPath());
        assertThat(SourcePaths.directory(source, "/web/"))
                .isEqualTo(source.toRealPath().resolve("web"));
        assertThat(SourcePaths.directory(source, "within"))
                .isEqualTo(source.toRealPath().resolve("web"));
        assertThat(SourcePaths.file(source, "web/../web/Dockerfile")).isRegularFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../other", "web/../..", "out", "out/other", "missing", "web/Dockerfile", "a\0b"})
    void directoriesOutsideAreRefused(String path) {
        assertThatExceptionOfType(BuildFailedException.class).isThrownBy(() -> SourcePaths.directory(source, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "out/secret", "web", "missing"})
    void filesOutsideAreNotThere(String path) throws Exception {
        assertThat(SourcePaths.file(source, path)).isNull();
    }
}

package io.containr.build.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceLinksTest {

    @TempDir
    Path directory;

    private Path source;

    @BeforeEach
    void source() throws IOException {
        source = Files.createDirectories(directory.resolve("source"));
        Files.createDirectories(source.resolve("a/b"));
        Files.writeString(source.resolve("file"), "x");
        Files.writeString(directory.resolve("outside"), "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../file", "b", "../missing", "../../source/file"})
    void linksThatStayInsideMayBeThere(String target) throws IOException {
        Files.createSymbolicLink(source.resolve("a/link"), Path.of(target));

        assertThatCode(() -> SourceLinks.requireInside(source)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../outside", "../../../..", "/", "../../missing"})
    void linksThatLeadOutAreNamed(String target) throws IOException {
        Files.createSymbolicLink(source.resolve("a/link"), Path.of(target));

        assertThatThrownBy(() -> SourceLinks.requireInside(source))
                .isInstanceOf(BuildFailedException.class)
                .hasMessageContaining("a/link");
    }

    @Test
    void aCopyHasLinksAsLinks() throws IOException {
        Files.createSymbolicLink(source.resolve("a/link"), directory.resolve("outside"));
        Files.createSymbolicLink(source.resolve("a/all"), directory);

        Path copy = SourceCopy.into(source, directory.resolve("copy"));

        assertThat(copy.resolve("file")).hasContent("x");
        assertThat(copy.resolve("a/b")).isDirectory();
        assertThat(copy.resolve("a/link")).isSymbolicLink();
        assertThat(copy.resolve("a/all")).isSymbolicLink();
    }
}

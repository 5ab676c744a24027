package io.containr.build.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoredFilesTest {

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, a/b/c, true",
        "a, b/a, false",
        "/a, a, true",
        "a/, a/x, true",
        "*.log, x.log, true",
        "*.log, d/x.log, false",
        "**/*.log, x.log, true",
        "**/*.log, d/e/x.log, true",
        "d/**, d/e/x, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "[ab].txt, b.txt, true",
        "[ab].txt, c.txt, false",
        "a.c, abc, false",
        "../x, x, false",
        "# a, a, false",
        "*, anything, true",
        "[, '[', true"
    })
    void patternsMatchAsTheEngineDoes(String pattern, String path, boolean ignored) {
        assertThat(IgnoredFiles.parse(List.of(pattern)).ignores(path)).isEqualTo(ignored);
    }

    @ParameterizedTest
    @CsvSource({"docs/a.md, true", "docs/keep.md, false", "docs/drafts/keep.md, true", "src/x, false"})
    void theLastPatternDecides(String path, boolean ignored) {
        IgnoredFiles files = IgnoredFiles.parse(List.of("docs", "!docs/keep.md", "", "docs/drafts"));

        assertThat(files.ignores(path)).isEqualTo(ignored);
        assertThat(files.hasExceptions()).isTrue();
    }
}

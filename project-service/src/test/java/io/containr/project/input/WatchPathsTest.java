package io.containr.project.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchPathsTest {

    @ParameterizedTest
    @CsvSource({
        "apps/web/**, apps/web/src/Main.java, true",
        "apps/web, apps/web/src/Main.java, true",
        "apps/web/, apps/web/a, true",
        "apps/web, apps/website/a, false",
        "*.md, README.md, true",
        "*.md, docs/README.md, false",
        "**/*.md, docs/a/README.md, true",
        "**/*.md, README.md, true",
        "src/?.txt, src/a.txt, true",
        "src/?.txt, src/ab.txt, false",
        "./src, src/a, true",
        "SRC/**, src/a, false"
    })
    void patternsFit(String pattern, String path, boolean fits) {
        assertThat(WatchPaths.match(List.of(pattern), List.of("other", path))).isEqualTo(fits);
    }

    @Test
    void noPatternsFitEverything() {
        assertThat(WatchPaths.match(List.of(), List.of("a"))).isTrue();
    }

    @Test
    void hostilePatternsTakeNoTime() {
        String pattern = "*a".repeat(120) + "b";
        String deep = "**/a/".repeat(45) + "b";

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(WatchPaths.match(List.of(pattern, deep), List.of("a".repeat(4000), "a/".repeat(2000) + "c")))
                    .isFalse();
        });
    }
}

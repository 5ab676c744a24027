package io.containr.build.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineCutterTest {

    private final LineCutter cutter = new LineCutter();

    @Test
    void linesAreCutWhereverThePiecesEnd() {
        assertThat(cutter.add("one\ntw")).containsExactly("one");
        assertThat(cutter.add("o\r\nthree")).containsExactly("two");
        assertThat(cutter.end()).containsExactly("three");
        assertThat(cutter.end()).isEmpty();
    }

    @Test
    void whatWasOverwrittenIsGone() {
        assertThat(cutter.add("10%\r50%\r100%\n")).containsExactly("100%");
    }

    @Test
    void noLineIsLongerThanTheLimitAndNoneHoldsNul() {
        assertThat(cutter.add("a\0b\n")).containsExactly("ab");
        assertThat(cutter.add("x".repeat(LineCutter.MAX_LENGTH + 10)))
                .containsExactly("x".repeat(LineCutter.MAX_LENGTH));
        assertThat(cutter.end()).containsExactly("x".repeat(10));
    }
}

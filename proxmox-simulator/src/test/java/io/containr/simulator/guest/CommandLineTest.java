package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @Test
    void wordsAreSplitAsAShellDoes() {
        assertThat(CommandLine.split("/bin/sh -c 'echo \"a b\"; exit 3'"))
                .containsExactly("/bin/sh", "-c", "echo \"a b\"; exit 3");
        assertThat(CommandLine.split("  a\\ b\t\"c \\\"d\\\" \\n\" '' e''f "))
                .containsExactly("a b", "c \"d\" \\n", "", "ef");
        assertThat(CommandLine.split("")).isEmpty();
    }

    @Test
    void anOpenQuoteIsRefused() {
        assertThatThrownBy(() -> CommandLine.split("/bin/sh 'oops")).hasMessageContaining("unterminated quote");
    }

    @Test
    void wordsAreQuotedOnlyWhereTheyMustBe() {
        assertThat(CommandLine.join(List.of("/app/start.sh", "--flag", "two words")))
                .isEqualTo("/app/start.sh --flag 'two words'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's", "", "a\\b", "$HOME `x` \"y\"", "tab\there", "ü=1;rm -rf /"})
    void whatWasJoinedSplitsIntoTheSameWords(String word) {
        List<String> words = List.of("/bin/x", word, "z");
        assertThat(CommandLine.split(CommandLine.join(words))).isEqualTo(words);
    }
}

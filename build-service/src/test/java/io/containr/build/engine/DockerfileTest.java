package io.containr.build.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM a\nRUN --mount=type=cache,target=/c make",
                "FROM a\nRUN --network=none make",
                "FROM a\nrun \\\n  --mount=type=secret,id=x make",
                "FROM a\nCOPY --link a b",
                "FROM a\nCOPY --chmod=755 a b",
                "FROM a\nADD --keep-git-dir=true a b",
                "FROM a\nRUN <<EOF\necho hi\nEOF",
                "FROM a\nCOPY <<-\"END\" /x\nhi\nEND",
                "# syntax=example.com/my/frontend:1\nFROM a"
            })
    void whatOnlyBuildKitCanBuildIsSeen(String text) {
        assertThat(Dockerfile.parse(text).needsBuildKit()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM a\nRUN echo --mount=type=cache",
                "FROM a AS b\nCOPY --from=b --chown=1:1 a b",
                "FROM a\nRUN cat < file",
                "FROM a\n# RUN --mount=type=cache x\nRUN true",
                "# syntax=docker/dockerfile:1\nFROM a\nRUN true",
                "FROM a\nENV X=<<EOF"
            })
    void theRestIsClassic(String text) {
        assertThat(Dockerfile.parse(text).needsBuildKit()).isFalse();
    }

    @Test
    void argumentsAreThoseDeclaredOutsideOfHeredocs() {
        Dockerfile dockerfile = Dockerfile.parse("""
                # escape=`
                ARG A=1 B
                FROM x
                RUN <<EOF
                ARG NOT
                EOF
                arg C `
                    D=2
                """);

        assertThat(dockerfile.declaredArguments()).containsExactly("A", "B", "C", "D");
    }

    @Test
    void anUnfinishedDockerfileIsRead() {
        assertThat(Dockerfile.parse("FROM a\nRUN echo \\").instructions()).hasSize(2);
        assertThat(Dockerfile.parse("RUN <<EOF\nnever ends").instructions()).hasSize(1);
        assertThat(Dockerfile.parse("").instructions()).isEmpty();
    }
}

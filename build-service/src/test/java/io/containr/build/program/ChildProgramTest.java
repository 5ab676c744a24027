package io.containr.build.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.build.log.BuildOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildProgramTest {

    @TempDir
    Path directory;

    private final StringBuffer printed = new StringBuffer();
    private final BuildOutput output = (stream, text) -> printed.append(text);

    @Test
    void aProgramHasItsArgumentsItsEnvironmentAndNothingElse() throws Exception {
        int exit = program(null, "pwd; echo \"$A|$HOME|$JAVA_HOME|$1\"; cat; echo oops >&2; exit 7", "a b")
                .run(output);

        assertThat(exit).isEqualTo(7);
        assertThat(printed.toString()).isEqualTo(directory.toRealPath() + "\nvalue|||a b\noops\n");
    }

    @Test
    void whatGoesToAFileIsNotPrinted() throws Exception {
        Path file = directory.resolve("out");

        program(file, "echo secret; echo seen >&2").run(output);

        assertThat(file).hasContent("secret");
        assertThat(printed.toString()).isEqualTo("seen\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "trap '' TERM; "})
    void interruptingEndsItAndAllItStarted(String trap) throws Exception {
        String marker = UUID.randomUUID().toString();
        AtomicReference<Throwable> ended = new AtomicReference<>();
        ChildProgram sleeper = program(
                null, trap + "sh -c 'sleep 600; : " + marker + "' & echo started; while :; do sleep 600; done", marker);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                sleeper.run(output);
            } catch (IOException | InterruptedException e) {
                ended.set(e);
            }
        });
        Awaitility.await().until(() -> printed.toString().equals("started\n"));
        assertThat(runs(marker)).isTrue();

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        Awaitility.await().until(() -> !runs(marker));
    }

    @Test
    void aProgramThatIsNotThereIsSaidSo() {
        ChildProgram missing = new ChildProgram(List.of("/nonexistent/tool"), directory, Map.of("A", "secret"), null);

        assertThatThrownBy(() -> missing.run(output)).isInstanceOf(IOException.class);
        assertThat(missing.toString()).doesNotContain("secret");
    }

    private ChildProgram program(@Nullable Path standardOutput, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "script"));
        command.addAll(List.of(arguments));
        return new ChildProgram(command, directory, Map.of("A", "value"), standardOutput);
    }

    private static boolean runs(String marker) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .anyMatch(command -> command.contains(marker));
    }
}

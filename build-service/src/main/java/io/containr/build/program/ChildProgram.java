package io.containr.build.program;

import io.containr.build.log.BuildOutput;
import io.containr.build.log.BuildOutput.Stream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program: an argument list, an environment of its own and nothing to read from. What it prints goes to the
 * build's output as it comes. Interrupting the thread that waits ends the program and everything it started.
 *
 * @param standardOutput a file for what it prints to standard output; null: that is output too
 */
public record ChildProgram(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        @Nullable Path standardOutput) {

    /** Programs find their own helpers here, never where a user's variable says. */
    public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final long TERM_SECONDS = 3;

    public ChildProgram {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Runs it to its end.
     *
     * @return its exit status
     * @throws IOException if it cannot be started
     */
    public int run(BuildOutput output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (standardOutput == null) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectOutput(standardOutput.toFile());
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            Reader printed = standardOutput == null
                    ? process.inputReader(StandardCharsets.UTF_8)
                    : process.errorReader(StandardCharsets.UTF_8);
            Thread printer = Thread.ofVirtual().name("program-output").start(() -> print(printed, output));
            int exit = process.waitFor();
            printer.join();
            return exit;
        } finally {
            end(process);
        }
    }

    private static void print(Reader printed, BuildOutput output) {
        char[] buffer = new char[8192];
        try (printed) {
            for (int read = printed.read(buffer); read >= 0; read = printed.read(buffer)) {
                output.write(Stream.STDOUT, new String(buffer, 0, read));
            }
        } catch (IOException e) {
            output.info("The rest of the output was lost.");
        }
    }

    /** SIGTERM first: it lets the program end what it asked others to do. */
    private static void end(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        if (!process.isAlive() && started.isEmpty()) {
            return;
        }
        process.destroy();
        started.forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(TERM_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        started.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Neither the environment, which may hold secrets, nor the arguments. */
    @Override
    public String toString() {
        return "ChildProgram[" + command.getFirst() + "]";
    }
}

package io.containr.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that Containr runs beside itself. Who it is stands in a file (process id and start time, so that a reused id
 * is never mistaken for it), and a later run of Containr finds what an earlier one left behind.
 */
public final class ChildProcess {

    private final ProcessHandle handle;
    private final Path identity;

    private ChildProcess(ProcessHandle handle, Path identity) {
        this.handle = handle;
        this.identity = identity;
    }

    /**
     * Starts a program with its output appended to a file.
     *
     * @param name names the identity file in the run directory
     */
    public static ChildProcess start(
            String name, Path runDirectory, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        Files.createDirectories(runDirectory);
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Path identity = runDirectory.resolve(name + ".pid");
        Files.writeString(identity, process.pid() + " " + startOf(process.toHandle()));
        return new ChildProcess(process.toHandle(), identity);
    }

    /** What an earlier run left behind under this name, if it is still alive. */
    public static Optional<ChildProcess> find(String name, Path runDirectory) {
        Path identity = runDirectory.resolve(name + ".pid");
        try {
            String[] words = Files.readString(identity).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> words.length > 1 && words[1].equals(startOf(handle)))
                    .map(handle -> new ChildProcess(handle, identity));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    public boolean isAlive() {
        return handle.isAlive();
    }

    public long pid() {
        return handle.pid();
    }

    /** Whether a program is up; an {@link IOException} says that it is not yet. */
    interface Probe {

        /** One that asks for a page until it is answered 200. */
        static Probe http(HttpClient client, URI page) {
            HttpRequest request =
                    HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(5)).build();
            return () ->
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        }

        boolean isUp() throws IOException, InterruptedException;
    }

    /**
     * Returns once the program is up.
     *
     * @param every how long to pause between two looks
     * @param otherwise what to say if it ended before, or is not up in time
     * @throws IOException says that; the program is stopped then
     */
    void awaitReady(Probe probe, Duration atMost, Duration every, String otherwise)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline && isAlive()) {
            try {
                if (probe.isUp()) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(every);
        }
        stop(Duration.ofSeconds(5));
        throw new IOException(otherwise);
    }

    /** Ends it by SIGTERM, and by SIGKILL after the grace time. */
    public void stop(Duration grace) {
        handle.destroy();
        if (!awaitEnd(handle, grace)) {
            handle.destroyForcibly();
            awaitEnd(handle, Duration.ofSeconds(5));
        }
        try {
            Files.deleteIfExists(identity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean awaitEnd(ProcessHandle handle, Duration atMost) {
        try {
            handle.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}

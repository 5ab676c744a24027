package io.containr.agent.guest;

import io.containr.contracts.ids.InstanceId;
import io.containr.guestinit.GuestInitBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real guest-init as an ordinary process, with a directory for its root. */
final class GuestProcess implements AutoCloseable {

    private final Process process;
    private final Path console;

    private GuestProcess(Process process, Path console) {
        this.process = process;
        this.console = console;
    }

    static GuestProcess start(Path root, int port, String pin, InstanceId instance, String token) throws IOException {
        var executable = root.resolve("guest-init");
        try (var bytes = GuestInitBinary.open()) {
            Files.copy(bytes, executable, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
        var console = root.resolve("console");
        var builder = new ProcessBuilder(executable.toString(), "-root", root.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "CONTAINR_AGENT",
                        "127.0.0.1:" + port,
                        "CONTAINR_AGENT_PIN",
                        pin,
                        "CONTAINR_INSTANCE",
                        instance.toString(),
                        "CONTAINR_TOKEN",
                        token));
        return new GuestProcess(builder.start(), console);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            throw new AssertionError("guest-init does not end");
        }
        return process.exitValue();
    }

    String console() throws IOException {
        return Files.readString(console);
    }

    /** Without notice, with everything it started. */
    void crash() throws InterruptedException {
        var children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        crash();
    }
}

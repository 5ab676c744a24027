package io.containr.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Guests of an engine that run for real: each has processes and mounts of its own, which takes root. */
abstract class EngineGuests {

    final Path home;
    private final String program;
    private final String stopSignal;

    /**
     * @param home of what guests write, and of their logs
     * @param program of the server, by its file's name
     * @param stopSignal which the image names
     */
    EngineGuests(Path home, String program, String stopSignal) {
        this.home = home;
        this.program = program;
        this.stopSignal = stopSignal;
    }

    /**
     * Started, and not necessarily listening yet.
     *
     * @param further settings that a test adds
     */
    abstract Process start(
            String name, Path volume, int port, List<String> command, Map<String, String> variables, String further)
            throws IOException;

    /** A shell that is given the guest's folder, what is mounted, and the command, and makes mounts before it becomes the command. */
    final ProcessBuilder isolated(
            String name, String mounts, List<String> mounted, List<String> command, Map<String, String> variables)
            throws IOException {
        Path guest = Files.createDirectories(home.resolve("guest-" + name));
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        line.addAll(List.of("sh", "-c", mounts, "guest", guest.toString()));
        line.addAll(mounted);
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("guest-" + name + ".log").toFile());
        builder.environment().putAll(variables);
        return builder;
    }

    /** As it would be by its stop signal, where it heeds it. */
    final void stop(Process guest) {
        try {
            for (ProcessHandle server : servers(guest)) {
                run("kill", stopSignal, Long.toString(server.pid()));
            }
            if (!guest.waitFor(servers(guest).isEmpty() ? 0 : 5, TimeUnit.SECONDS)) {
                guest.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            guest.destroyForcibly();
        } catch (InterruptedException e) {
            guest.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing of it runs meanwhile, as where Proxmox VE takes a backup. */
    static void paused(Process guest, Runnable action) throws IOException, InterruptedException {
        signal("-STOP", guest);
        signal("-STOP", guest);
        try {
            action.run();
        } finally {
            signal("-CONT", guest);
        }
    }

    private static void signal(String signal, Process guest) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        guest.descendants().forEach(process -> command.add(Long.toString(process.pid())));
        if (command.size() > 2) {
            run(command.toArray(String[]::new));
        }
    }

    /** Those that no other server started. */
    private List<ProcessHandle> servers(Process guest) {
        return guest.descendants()
                .filter(this::isServer)
                .filter(process -> process.parent().filter(this::isServer).isEmpty())
                .toList();
    }

    private boolean isServer(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/" + program))
                .isPresent();
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0 && !command[0].equals("kill")) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
        }
    }
}

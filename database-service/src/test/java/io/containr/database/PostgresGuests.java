package io.containr.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Guests in which Debian's PostgreSQL runs by the catalogue's own command. Each has processes and mounts of its own, so that its volume
 * lies where the command expects it; that takes root. What the official image's entrypoint does is done by one of ours.
 */
final class PostgresGuests {

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

    private static final String ENTRYPOINT = """
            #!/bin/sh
            set -e
            if [ "$(id -u)" = 0 ]; then
              mkdir -p "$PGDATA"
              chown -R postgres "$PGDATA"
              chmod 700 "$PGDATA"
              exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
            fi
            if [ ! -s "$PGDATA/PG_VERSION" ]; then
              cp -r /tmp/template/. "$PGDATA"
              printf '%s\\n' "create role \\"$POSTGRES_USER\\" superuser login password '$POSTGRES_PASSWORD'" \\
                "create database \\"$POSTGRES_DB\\"" | postgres --single -D "$PGDATA" -c fsync=off postgres > /tmp/single.log
            fi
            rm -f "$PGDATA/postmaster.pid"
            shift
            exec postgres -D "$PGDATA" -c listen_addresses=127.0.0.1 -c port=$PORT -c unix_socket_directories= -c fsync=off "$@" $FURTHER
            """;

    private static final String MOUNTS = """
            set -e
            mkdir -p "$1/tmp/bin" "$1/tmp/template" "$1/place/data"
            chmod 1777 "$1/tmp"
            cp "$2" "$1/tmp/bin/docker-entrypoint.sh"
            mount --bind "$3" "$1/tmp/template"
            mount --bind "$4" "$1/place/data"
            mount --rbind "$1/place" /var/lib/postgresql
            mount --rbind "$1/tmp" /tmp
            shift 4
            exec "$@"
            """;

    private final Path home;
    private final Path template;
    private final Path entrypoint;

    PostgresGuests(Path home) throws IOException, InterruptedException {
        this.home = home;
        this.template = home.resolve("template");
        this.entrypoint = Files.writeString(home.resolve("entrypoint"), ENTRYPOINT);
        entrypoint.toFile().setExecutable(true, false);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(template);
        run("chown", "postgres", template.toString());
        run(
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                PROGRAMS.resolve("initdb").toString(),
                "--no-sync",
                "--locale=C",
                "--encoding=UTF8",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                "-U",
                "postgres",
                "-D",
                template.toString());
        Path access = template.resolve("pg_hba.conf");
        Files.writeString(access, Files.readString(access) + "host all all all scram-sha-256\n");
    }

    /** Started, and not necessarily listening yet. */
    Process start(
            String name, Path volume, int port, List<String> command, Map<String, String> variables, String further)
            throws IOException {
        Path guest = Files.createDirectories(home.resolve("guest-" + name));
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        line.addAll(List.of("sh", "-c", MOUNTS, "guest"));
        line.addAll(List.of(guest.toString(), entrypoint.toString(), template.toString(), volume.toString()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().putAll(variables);
        builder.environment().put("PATH", "/tmp/bin:" + PROGRAMS + ":/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("FURTHER", further);
        return builder.start();
    }

    Path log(String name) {
        return home.resolve("guest-" + name + ".log");
    }

    /** As it would be by its stop signal, where it heeds it. */
    static void stop(Process guest) {
        try {
            for (ProcessHandle server : servers(guest)) {
                run("kill", "-INT", Long.toString(server.pid()));
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

    /** Postmasters, not their children. */
    private static List<ProcessHandle> servers(Process guest) {
        return guest.descendants()
                .filter(PostgresGuests::isPostgres)
                .filter(process ->
                        process.parent().filter(PostgresGuests::isPostgres).isEmpty())
                .toList();
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0 && !command[0].equals("kill")) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
        }
    }
}

package io.containr.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * Guests in which Debian's PostgreSQL runs by the catalogue's own command. Each has processes and mounts of its own, so that its volume
 * lies where the command expects it; that takes root. What the official image's entrypoint does is done by one of ours.
 */
final class PostgresGuests extends EngineGuests {

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

    private final Path template;
    private final Path entrypoint;

    PostgresGuests(Path home) throws IOException, InterruptedException {
        super(home, "postgres", "-INT");
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

    @Override
    Process start(
            String name, Path volume, int port, List<String> command, Map<String, String> variables, String further)
            throws IOException {
        ProcessBuilder builder = isolated(
                name,
                MOUNTS,
                List.of(entrypoint.toString(), template.toString(), volume.toString()),
                command,
                variables);
        builder.environment().put("PATH", "/tmp/bin:" + PROGRAMS + ":/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("FURTHER", further);
        return builder.start();
    }
}

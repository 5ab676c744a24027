package io.containr.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * Guests in which the MySQL server that {@code ./containr test} fetches runs by the catalogue's own command, in a root file system of
 * its own: its libraries are not this machine's. What the official image's entrypoint does is done by one of ours.
 */
final class MySqlGuests extends EngineGuests {

    /** As {@code ./containr} names it. */
    static final Path SERVER = Path.of("/var/cache/containr/mysql-server");

    private static final String ENTRYPOINT = """
            #!/bin/sh
            set -e
            data=/var/lib/containr/mysql
            if [ "$(id -u)" = 0 ]; then
              mkdir -p $data
              chown -R mysql $data
              exec su -s /bin/sh -c 'exec "$0" "$@"' -- mysql "$0" "$@"
            fi
            shift
            set -- --no-defaults "$@" --skip-name-resolve --secure-file-priv=NULL $FURTHER
            if [ ! -d $data/mysql ]; then
              mysqld "$@" --initialize-insecure
              cat > /tmp/first.sql <<SQL
            create user 'root'@'%' identified by '$MYSQL_ROOT_PASSWORD';
            grant all on *.* to 'root'@'%' with grant option;
            alter user 'root'@'localhost' identified by '$MYSQL_ROOT_PASSWORD';
            create database \\`$MYSQL_DATABASE\\`;
            create user '$MYSQL_USER'@'%' identified by '$MYSQL_PASSWORD';
            grant all on \\`$(echo "$MYSQL_DATABASE" | sed 's/_/\\\\_/g')\\`.* to '$MYSQL_USER'@'%';
            SQL
              set -- "$@" --init-file=/tmp/first.sql
            fi
            exec mysqld "$@" --bind-address=127.0.0.1 --port=$PORT --socket=/tmp/mysqld.sock --pid-file=/tmp/mysqld.pid
            """;

    private static final String MOUNTS = """
            set -e
            root="$1/root"
            mkdir -p "$root/usr" "$root/bin" "$root/etc" "$root/dev" "$root/proc" "$root/tmp" "$root/var/lib/containr"
            chmod 1777 "$root/tmp"
            for link in lib lib64; do [ ! -L "$3/$link" ] || cp -P "$3/$link" "$root"; done
            cp /bin/busybox "$2" "$root/bin"
            echo 'root:x:0:0::/:/bin/sh
            mysql:x:999:999::/tmp:/bin/sh' > "$root/etc/passwd"
            mount --bind "$3/usr" "$root/usr"
            mount --bind "$4" "$root/var/lib/containr"
            mount --rbind /dev "$root/dev"
            mount -t proc proc "$root/proc"
            shift 4
            chroot "$root" /bin/busybox --install -s /bin
            exec chroot "$root" "$@"
            """;

    /** A test is no place for a server's usual sizes, and its machine loses no power. */
    private static final String SMALL =
            "--innodb-buffer-pool-size=16M --innodb-redo-log-capacity=8M --innodb-log-buffer-size=1M"
                    + " --innodb-flush-method=nosync --sync-binlog=0 --mysqlx=OFF";

    private final Path entrypoint;

    MySqlGuests(Path home) throws IOException {
        super(home, "mysqld", "-TERM");
        this.entrypoint = Files.writeString(home.resolve("docker-entrypoint.sh"), ENTRYPOINT);
        entrypoint.toFile().setExecutable(true, false);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Override
    Process start(
            String name, Path volume, int port, List<String> command, Map<String, String> variables, String further)
            throws IOException {
        ProcessBuilder builder = isolated(
                name, MOUNTS, List.of(entrypoint.toString(), SERVER.toString(), volume.toString()), command, variables);
        builder.environment().put("PATH", "/bin:/usr/sbin:/usr/bin");
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("FURTHER", SMALL + " " + further);
        return builder.start();
    }
}

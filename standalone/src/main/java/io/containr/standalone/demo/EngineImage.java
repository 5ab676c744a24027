package io.containr.standalone.demo;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An image of a real engine, made from this machine's Debian packages: its programs, the libraries that they are linked with, and an
 * entrypoint that takes the variables and arguments that the official image takes. Kept in the engine under a name that changes with
 * the package, so that it is made once.
 *
 * @param programs beside busybox
 * @param directories taken whole
 */
public record EngineImage(
        String name, String user, List<String> programs, List<String> directories, String entrypoint, String volume) {

    public static final EngineImage POSTGRESQL = new EngineImage(
            "postgresql",
            "postgres",
            List.of(
                    "/usr/lib/postgresql/15/bin/postgres",
                    "/usr/lib/postgresql/15/bin/initdb",
                    "/usr/lib/postgresql/15/bin/psql"),
            List.of("/usr/share/postgresql/15", "/usr/lib/postgresql/15/lib", "/usr/share/zoneinfo/Etc"),
            """
            if [ ! -s "$PGDATA/PG_VERSION" ]; then
              echo "$POSTGRES_PASSWORD" > /tmp/password
              initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password --locale=C --encoding=UTF8 \\
                --auth-local=trust --auth-host=scram-sha-256
              rm /tmp/password
              echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
              echo "create database \\"$POSTGRES_DB\\"" | postgres --single -D "$PGDATA" postgres
            fi
            shift
            exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
            """,
            "/var/lib/postgresql/data");

    public static final EngineImage MARIADB = new EngineImage(
            "mariadb", "mysql", List.of("/usr/sbin/mariadbd"), List.of("/usr/share/mysql"), """
            data=/var/lib/containr/mysql
            if [ ! -d "$data/mysql" ]; then
              (printf "create database mysql;\\nuse mysql;\\n"
               cd /usr/share/mysql
               cat mysql_system_tables.sql mysql_performance_tables.sql mysql_system_tables_data.sql) |
                mariadbd --no-defaults --bootstrap --datadir="$data" --lc-messages-dir=/usr/share/mysql --log-warnings=0
              printf "%s\\n" "create database $MARIADB_DATABASE;" \\
                "create user '$MARIADB_USER'@'%' identified by '$MARIADB_PASSWORD';" \\
                "grant all on $MARIADB_DATABASE.* to '$MARIADB_USER'@'%';" > /tmp/first.sql
              set -- "$@" --init-file=/tmp/first.sql
            fi
            shift
            exec mariadbd --no-defaults --lc-messages-dir=/usr/share/mysql --socket=/tmp/mysqld.sock --pid-file=/tmp/mysqld.pid "$@"
            """, "/var/lib/containr");

    public static final EngineImage REDIS =
            new EngineImage("redis", "redis", List.of("/usr/bin/redis-server"), List.of(), "exec \"$@\"\n", "/data");

    /** An engine of 2018, whose configuration has another name at its root. As the official image, it makes the database by its client. */
    public static final EngineImage CLICKHOUSE = new EngineImage(
            "clickhouse",
            "clickhouse",
            List.of("/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-client"),
            List.of("/etc/clickhouse-server", "/etc/clickhouse-client", "/usr/share/zoneinfo/Etc"),
            """
            home=/tmp/clickhouse-server
            cp -r /etc/clickhouse-server "$home"
            mkdir -p "$home/users.d" "$home/config.d"
            [ ! -f "$home/config.d/tls.xml" ] || sed -i "s:clickhouse>:yandex>:" "$home/config.d/tls.xml"
            cat > "$home/users.d/user.xml" <<CONFIG
            <yandex><users><default remove="1"/><$CLICKHOUSE_USER>
              <password>$CLICKHOUSE_PASSWORD</password><networks><ip>::/0</ip></networks>
              <profile>default</profile><quota>default</quota>
            </$CLICKHOUSE_USER></users></yandex>
            CONFIG
            listen() {
              printf "%s" "<yandex><listen_host>$1</listen_host><logger><console>1</console><log remove=\\"1\\"/>" \\
                "<errorlog remove=\\"1\\"/></logger></yandex>" > "$home/config.d/listen.xml"
            }
            if [ ! -f "/var/lib/clickhouse/metadata/$CLICKHOUSE_DB.sql" ]; then
              listen 127.0.0.1
              clickhouse-server --config-file="$home/config.xml" &
              until clickhouse-client --host 127.0.0.1 --user "$CLICKHOUSE_USER" --password "$CLICKHOUSE_PASSWORD" \\
                --query "create database if not exists $CLICKHOUSE_DB"; do sleep 0.2; done
              kill $!
              wait $!
            fi
            listen 0.0.0.0
            exec clickhouse-server --config-file="$home/config.xml"
            """,
            "/var/lib/clickhouse");

    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");
    private static final List<String> APPLETS = List.of(
            "sh", "cat", "chmod", "chown", "cp", "echo", "gunzip", "id", "mkdir", "printf", "rm", "sed", "sleep",
            "sync", "test", "touch", "wc");

    /** The image under this name in a registry. */
    public void push(DockerClient docker, String reference) throws IOException, InterruptedException {
        String made = make(docker);
        int colon = reference.lastIndexOf(':');
        docker.tagImageCmd(made, reference.substring(0, colon), reference.substring(colon + 1))
                .exec();
        docker.pushImageCmd(reference).start().awaitCompletion(120, TimeUnit.SECONDS);
        docker.removeImageCmd(reference).exec();
    }

    /** The image in the engine that builds; returns its reference. */
    public String make(DockerClient docker) throws IOException, InterruptedException {
        String reference = "containr/engine-" + name + ":" + fingerprint();
        try {
            docker.inspectImageCmd(reference).exec();
        } catch (NotFoundException e) {
            Path context = Files.createTempFile("containr-engine-" + name + "-", ".tar");
            try {
                writeContext(context);
                try (InputStream tar = Files.newInputStream(context)) {
                    docker.buildImageCmd(tar)
                            .withTags(Set.of(reference))
                            .start()
                            .awaitImageId(180, TimeUnit.SECONDS);
                }
            } finally {
                Files.delete(context);
            }
        }
        return reference;
    }

    private String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String program : programs) {
                Path path = Path.of(program);
                digest.update((program + Files.size(path) + Files.getLastModifiedTime(path))
                        .getBytes(StandardCharsets.UTF_8));
            }
            digest.update((script() + APPLETS + SETPRIV).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As official images do: begin as root, make the volume the engine's own, and go on as its user. */
    private String script() {
        return """
                #!/bin/sh
                set -e
                if [ "$(id -u)" = 0 ]; then
                  mkdir -p %2$s "${PGDATA:-%2$s}"
                  [ %1$s != mysql ] || mkdir -p %2$s/mysql
                  chown -R %1$s %2$s
                  [ -z "$PGDATA" ] || { chmod 700 "$PGDATA"; chown -R %1$s "$PGDATA"; }
                  exec /usr/bin/setpriv --reuid=%1$s --regid=%1$s --clear-groups "$0" "$@"
                fi
                """.formatted(user, volume) + entrypoint;
    }

    private void writeContext(Path file) throws IOException, InterruptedException {
        Path root = Files.createTempFile("containr-engine-root-", ".tar");
        try {
            try (TarArchiveOutputStream tar = open(Files.newOutputStream(root))) {
                writeRoot(tar);
            }
            try (TarArchiveOutputStream tar = open(Files.newOutputStream(file))) {
                text(
                        tar,
                        "Dockerfile",
                        """
                        FROM scratch
                        ADD root.tar /
                        ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/usr/lib/postgresql/15/bin TZ=Etc/UTC
                        ENTRYPOINT ["docker-entrypoint.sh"]
                        CMD ["%s"]
                        """.formatted(Path.of(programs.getFirst()).getFileName()),
                        0644);
                entry(tar, root, "root.tar");
            }
        } finally {
            Files.delete(root);
        }
    }

    private static TarArchiveOutputStream open(OutputStream stream) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(stream);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    private void writeRoot(TarArchiveOutputStream tar) throws IOException, InterruptedException {
        for (String directory : List.of("tmp/", "bin/", "etc/", "usr/local/bin/", "run/", "var/run/postgresql/")) {
            TarArchiveEntry entry = new TarArchiveEntry(directory);
            entry.setMode(directory.equals("tmp/") ? 01777 : 0755);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        entry(tar, BUSYBOX, "bin/busybox");
        for (String applet : APPLETS) {
            link(tar, "bin/" + applet, "busybox");
        }
        text(tar, "etc/passwd", "root:x:0:0:root:/:/bin/sh\n%1$s:x:999:999::/tmp:/bin/sh\n".formatted(user), 0644);
        text(tar, "etc/group", "root:x:0:\n%s:x:999:\n".formatted(user), 0644);
        text(tar, "usr/local/bin/docker-entrypoint.sh", script(), 0755);
        link(tar, "entrypoint.sh", "usr/local/bin/docker-entrypoint.sh");
        Set<String> files = new TreeSet<>();
        for (String program :
                Stream.concat(programs.stream(), Stream.of(SETPRIV)).toList()) {
            files.add(program);
            files.addAll(libraries(program));
        }
        for (String directory : directories) {
            try (Stream<Path> tree = Files.walk(Path.of(directory))) {
                tree.filter(Files::isRegularFile)
                        .map(Path::toString)
                        .filter(path -> !path.contains("/bitcode/") && !path.contains("llvmjit"))
                        .forEach(files::add);
            }
        }
        for (String path : files) {
            entry(tar, Path.of(path).toRealPath(), path.substring(1));
        }
    }

    private static List<String> libraries(String program) throws IOException, InterruptedException {
        Process ldd = new ProcessBuilder("ldd", program).start();
        String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ldd.waitFor() != 0) {
            throw new IOException("ldd " + program + " failed");
        }
        List<String> found = new ArrayList<>();
        Matcher matcher = LIBRARY.matcher(output);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static void entry(TarArchiveOutputStream tar, Path file, String name) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(Files.size(file));
        entry.setMode(Files.isExecutable(file) ? 0755 : 0644);
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
    }

    private static void text(TarArchiveOutputStream tar, String name, String content, int mode) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}

package io.containr.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own, on loopback, with a password and with fsync on. Its data survive {@link #close()} and a
 * kill; a server that an earlier run left behind on the same data is ended first.
 */
public final class LocalPostgres implements AutoCloseable {

    /** The only role. */
    public static final String USER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

    private static final int FIRST_TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final EmbeddedPostgres server;
    private final String password;

    private LocalPostgres(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    /**
     * @param home directory for data, binaries and password
     * @param port 0: any free one
     * @param durable false only for tests that may lose everything
     */
    public static LocalPostgres start(Path home, int port, boolean durable) throws IOException, SQLException {
        Path data = home.resolve("data");
        Files.createDirectories(home);
        endOrphan(data);
        boolean fresh = !Files.exists(data.resolve("PG_VERSION"));
        String password = password(home);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(home.resolve("bin").toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port == 0 ? Ports.free() : port)
                .setPGStartupWait(Duration.ofSeconds(30))
                .setConnectConfig("password", password)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", durable ? "on" : "off")
                .setServerConfig("synchronous_commit", durable ? "on" : "off")
                .setServerConfig("full_page_writes", durable ? "on" : "off")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_connections", "300")
                // No disk of today turns: a page that is read out of order costs hardly more than the next one.
                .setServerConfig("random_page_cost", "1.1")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()));
        LocalPostgres postgres = new LocalPostgres(fresh ? first(builder, data) : builder.start(), password);
        if (fresh) {
            postgres.requirePassword(data);
        }
        return postgres;
    }

    /**
     * Unpacks the programs and makes the data. A program that another thread starts meanwhile inherits, for a moment, the open file that
     * is being unpacked, and Linux starts no program that somebody may still write to ("Text file busy"): it is tried again.
     */
    private static EmbeddedPostgres first(EmbeddedPostgres.Builder builder, Path data) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return builder.start();
            } catch (IllegalStateException e) {
                if (tries == FIRST_TRIES || Files.exists(data.resolve("PG_VERSION"))) {
                    throw e;
                }
                log.warn("PostgreSQL's data cannot be made, trying again", e);
                pause(PAUSE.multipliedBy(tries), e);
            }
        }
    }

    private static void pause(Duration pause, IllegalStateException reason) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    public int port() {
        return server.getPort();
    }

    public String password() {
        return password;
    }

    /** Without credentials; see {@link #USER} and {@link #password()}. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /** Makes the database unless there is one of that name. */
    public void createDatabase(String database) throws SQLException {
        if (!database.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("not a database name: " + database);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet existing =
                    statement.executeQuery("select 1 from pg_database where datname = '" + database + "'")) {
                if (existing.next()) {
                    return;
                }
            }
            statement.execute("create database " + database);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
    }

    /** initdb leaves the door open to every local user; from here on it wants the password. */
    private void requirePassword(Path data) throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter role postgres password '" + password + "'");
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        }
    }

    /** The password of the server in this directory, made when it is first asked for. */
    public static String password(Path home) throws IOException {
        Path file = home.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file);
    }

    private static void endOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> postmaster = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                        .filter(process -> process.info().command().orElse("").endsWith("postgres"));
        if (postmaster.isPresent()) {
            postmaster.get().destroy();
            if (!ChildProcess.awaitEnd(postmaster.get(), Duration.ofSeconds(10))) {
                postmaster.get().destroyForcibly();
                ChildProcess.awaitEnd(postmaster.get(), Duration.ofSeconds(10));
            }
        }
        Files.deleteIfExists(pidFile);
    }
}

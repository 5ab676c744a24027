package io.containr.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Keycloak server of our own, on loopback, with the realm {@code containr}. A server that an earlier run left behind is
 * ended first: its connections lead to a database that has been restarted since.
 */
public final class LocalKeycloak implements AutoCloseable {

    private static final String NAME = "keycloak";
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final ChildProcess process;
    private final URI baseUrl;
    private final Path classArchive;
    private final Path newClassArchive;

    private LocalKeycloak(ChildProcess process, URI baseUrl, Path classArchive, Path newClassArchive) {
        this.process = process;
        this.baseUrl = baseUrl;
        this.classArchive = classArchive;
        this.newClassArchive = newClassArchive;
    }

    /**
     * Starts and returns when logins work. The first start makes the schema and the realm, and takes longer.
     *
     * @param home directory for log and identity
     * @param port 0: any free one; part of the issuer of every token, so it should stay the same
     * @param secrets those of the first start on this database
     */
    public static LocalKeycloak start(
            KeycloakDistribution distribution, Path home, int port, Database database, KeycloakSecrets secrets)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        ChildProcess.find(NAME, home).ifPresent(orphan -> orphan.stop(Duration.ofSeconds(5)));
        distribution.placeRealm();
        URI baseUrl = URI.create("http://127.0.0.1:" + (port == 0 ? Ports.free() : port));
        Path classes = distribution.classArchive();
        Path newClasses = home.resolve("classes.jsa");
        List<String> jvm = List.of(
                Files.exists(classes) ? "-XX:SharedArchiveFile=" + classes : "-XX:ArchiveClassesAtExit=" + newClasses,
                "-Xlog:disable",
                "-Xms48m",
                "-Xmx192m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=192m",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:MinHeapFreeRatio=15",
                "-XX:MaxHeapFreeRatio=30");
        ChildProcess process = ChildProcess.start(
                NAME,
                home,
                distribution.java(jvm, arguments(home, baseUrl, database)),
                environment(database, secrets),
                home.resolve("keycloak.out"));
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            process.awaitReady(
                    ChildProcess.Probe.http(client, baseUrl.resolve("/health/ready")),
                    START,
                    Duration.ofMillis(200),
                    "Keycloak does not start, see keycloak.log and keycloak.out in " + home);
        }
        return new LocalKeycloak(process, baseUrl, classes, newClasses);
    }

    private static List<String> arguments(Path home, URI baseUrl, Database database) {
        return List.of(
                "start",
                "--optimized",
                "--import-realm",
                "--http-enabled=true",
                "--http-host=" + baseUrl.getHost(),
                "--http-port=" + baseUrl.getPort(),
                "--hostname=" + baseUrl,
                "--cache=local",
                "--db-url=" + database.jdbcUrl(),
                "--db-username=" + database.user(),
                "--db-pool-initial-size=1",
                "--db-pool-min-size=1",
                "--db-pool-max-size=12",
                "--http-pool-max-threads=16",
                "--shutdown-delay=0s",
                "--shutdown-timeout=5s",
                "--log=file",
                // Else a line for each look whether it is ready.
                "--log-level=info,io.smallrye.health:warn",
                "--log-file=" + home.resolve("keycloak.log"),
                // Keycloak answers "wrong password" to a second login of a user while the first still runs.
                // auth-service
                // lets them in one after the other instead, which closes the same hole.
                "--spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true");
    }

    private static Map<String, String> environment(Database database, KeycloakSecrets secrets) {
        return Map.of(
                "KC_DB_PASSWORD", database.password(),
                "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
                "KC_BOOTSTRAP_ADMIN_PASSWORD", secrets.adminPassword(),
                "CONTAINR_API_CLIENT_SECRET", secrets.apiClient(),
                "CONTAINR_AUTH_SERVICE_CLIENT_SECRET", secrets.authServiceClient(),
                "MALLOC_ARENA_MAX", "2");
    }

    /** Such as {@code http://127.0.0.1:8111}; tokens name {@code <this>/realms/containr} as their issuer. */
    public URI baseUrl() {
        return baseUrl;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the server; after the very first run of a distribution that takes some seconds more, and speeds up the next. */
    @Override
    public void close() throws IOException {
        long begun = System.nanoTime();
        process.stop(STOP);
        boolean ended = System.nanoTime() - begun < STOP.toNanos();
        if (ended && Files.exists(newClassArchive)) {
            Files.move(newClassArchive, classArchive, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * An empty PostgreSQL database, or one that Keycloak made its own before.
     *
     * @param jdbcUrl without credentials
     */
    public record Database(String jdbcUrl, String user, String password) {

        @Override
        public String toString() {
            return "Database[" + jdbcUrl + "]";
        }
    }
}

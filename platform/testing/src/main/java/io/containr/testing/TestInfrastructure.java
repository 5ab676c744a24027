package io.containr.testing;

import io.containr.local.KeycloakDistribution;
import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKafka;
import io.containr.local.LocalKeycloak;
import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL, one Keycloak and, for each process of tests that runs beside others, one Kafka: those that {@code containr test}
 * started and named in the environment, or else, as in an IDE, some of this JVM's own that end with it.
 */
public final class TestInfrastructure {

    static final String POSTGRES = "CONTAINR_TEST_POSTGRES";
    static final String POSTGRES_PASSWORD = "CONTAINR_TEST_POSTGRES_PASSWORD";

    /** Addresses with spaces between, each a Kafka that one process of tests has for itself while it runs. */
    static final String KAFKA = "CONTAINR_TEST_KAFKA";

    static final String KEYCLOAK = "CONTAINR_TEST_KEYCLOAK";
    static final String KEYCLOAK_PASSWORD = "CONTAINR_TEST_KEYCLOAK_PASSWORD";

    private static final Duration KEYCLOAK_PATIENCE = Duration.ofMinutes(4);

    private static @Nullable LocalPostgres postgres;
    private static @Nullable LocalKafka kafka;
    private static @Nullable Lease lease;
    private static @Nullable Keycloak keycloak;

    private TestInfrastructure() {}

    /** A fresh, empty database. */
    public static synchronized Database newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        String external = System.getenv(POSTGRES);
        String server = external;
        String password = System.getenv(POSTGRES_PASSWORD);
        if (server == null || password == null) {
            LocalPostgres own = ownPostgres();
            server = "127.0.0.1:" + own.port();
            password = own.password();
        }
        String url = "jdbc:postgresql://" + server + "/";
        try (Connection connection = DriverManager.getConnection(url + "postgres", LocalPostgres.USER, password);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for tests", e);
        }
        return new Database(url + name, LocalPostgres.USER, password);
    }

    /** Bootstrap servers of the Kafka that this JVM has for itself: other services' tests use the same topics. */
    public static synchronized String kafka() {
        String external = System.getenv(KAFKA);
        if (external != null) {
            if (lease == null) {
                lease = Lease.ofOne(List.of(external.strip().split(" ")))
                        .orElseThrow(() -> new IllegalStateException("each Kafka of " + external + " is in use"));
            }
            return lease.name();
        }
        if (kafka == null) {
            try {
                LocalKafka started = LocalKafka.start(temporary("kafka"), 0, 0, false);
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                kafka = started;
            } catch (Exception e) {
                throw new IllegalStateException("no Kafka for tests", e);
            }
        }
        return kafka.bootstrapServers();
    }

    /**
     * The one Keycloak, when it answers.
     *
     * @param distributions where one is unpacked if this JVM must start its own
     */
    public static synchronized Keycloak keycloak(Path distributions) {
        if (keycloak == null) {
            String url = System.getenv(KEYCLOAK);
            String password = System.getenv(KEYCLOAK_PASSWORD);
            keycloak = url == null || password == null
                    ? ownKeycloak(distributions)
                    : new Keycloak(URI.create(url), password);
            Awaitility.await("Keycloak at " + keycloak.url())
                    .atMost(KEYCLOAK_PATIENCE)
                    .ignoreExceptions()
                    .until(keycloak::isReady);
        }
        return keycloak;
    }

    private static Keycloak ownKeycloak(Path distributions) {
        try {
            KeycloakSecrets secrets = KeycloakSecrets.random();
            Database database = newDatabase();
            LocalKeycloak own = LocalKeycloak.start(
                    KeycloakDistribution.prepare(KeycloakDistribution.archive(), distributions),
                    temporary("keycloak"),
                    0,
                    new LocalKeycloak.Database(database.url(), database.user(), database.password()),
                    secrets);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    own.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return new Keycloak(own.baseUrl(), secrets.adminPassword());
        } catch (IOException e) {
            throw new UncheckedIOException("no Keycloak for tests", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static LocalPostgres ownPostgres() {
        if (postgres == null) {
            try {
                LocalPostgres started = LocalPostgres.start(temporary("postgres"), 0, false);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        started.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                postgres = started;
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("no PostgreSQL for tests", e);
            }
        }
        return postgres;
    }

    private static Path temporary(String name) throws IOException {
        return Files.createTempDirectory("containr-test-" + name + "-");
    }

    /** Where a database is and how to get in. */
    public record Database(String url, String user, String password) {}

    /** Where Keycloak is, and the password of {@code admin} there. */
    public record Keycloak(URI url, String adminPassword) {

        private boolean isReady() throws IOException, InterruptedException {
            try (HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(1))
                    .build()) {
                return client.send(
                                        HttpRequest.newBuilder(url.resolve("/health/ready"))
                                                .timeout(Duration.ofSeconds(5))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            }
        }
    }
}

package io.containr.testing;

import io.containr.local.LocalKafka;
import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL and one Kafka for all tests: those that {@code containr test} started and named in the environment, or
 * else, as in an IDE, some of this JVM's own that end with it.
 */
public final class TestInfrastructure {

    static final String POSTGRES = "CONTAINR_TEST_POSTGRES";
    static final String POSTGRES_PASSWORD = "CONTAINR_TEST_POSTGRES_PASSWORD";
    static final String KAFKA = "CONTAINR_TEST_KAFKA";

    private static @Nullable LocalPostgres postgres;
    private static @Nullable LocalKafka kafka;

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

    /** Bootstrap servers of the one Kafka. */
    public static synchronized String kafka() {
        String external = System.getenv(KAFKA);
        if (external != null) {
            return external;
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
}

package io.containr.database;

import static org.awaitility.Awaitility.await;

import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import io.containr.testing.Api;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Real PostgreSQL servers, which may take their time to start: guests by the catalogue's command, volumes copied while nothing writes to them. */
@TestPropertySource(properties = {"containr.database.patience.start=2m", "containr.database.patience.check=1s"})
abstract class PostgresTest extends DatabaseServiceTest {

    @BeforeAll
    void servePostgres() throws IOException, InterruptedException {
        world.servePostgres();
    }

    String running(String name) {
        String id = create(name, "postgresql");
        awaitStatus(id, "running");
        return id;
    }

    /** One with the table {@code item} of so many rows, backed up, that can go back to any moment since. */
    String archived(String name, int rows) throws SQLException {
        String id = running(name);
        execute(id, "create table item as select generate_series(1, " + rows + ") as id");
        backUp(id);
        awaitWindows(id, 1);
        return id;
    }

    String backUp(String id) {
        String backup = api.post(DATABASES + "/" + id + "/backup").expect(201).text("/backup_id");
        await("backup " + backup)
                .atMost(Duration.ofSeconds(60))
                .until(() -> api.get(DATABASES + "/" + id)
                        .json()
                        .at("/backups/backups/0")
                        .path("status")
                        .asString()
                        .equals("completed"));
        return backup;
    }

    JsonNode pitr(String id) {
        return api.get(DATABASES + "/" + id).json().path("pitr");
    }

    void awaitWindows(String id, int count) {
        await(count + " windows")
                .atMost(Duration.ofSeconds(60))
                .until(() -> pitr(id), shown -> shown.path("windows").size() == count);
    }

    /** Waits until it did. */
    void goBack(String id, String time) {
        int before = restored(id);
        restore(id, time).expect(200);
        await("it went back to " + time)
                .atMost(Duration.ofSeconds(90))
                .failFast(() -> messages.all(DatabaseRestoreFailed.class).stream()
                        .anyMatch(event -> event.database().toString().equals(id)))
                .until(() -> restored(id) > before);
        awaitStatus(id, "running");
    }

    Api.Answer restore(String id, String time) {
        return api.post(
                DATABASES + "/" + id + "/restore", "{\"backup_id\":\"newest\",\"target_time\":\"" + time + "\"}");
    }

    /** Waits until the newest window leads there. */
    void awaitCovered(String id, String time) {
        await("the log up to " + time)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> pitr(id),
                        shown -> shown.has("latest")
                                && Instant.parse(shown.path("latest").asString())
                                        .isAfter(Instant.parse(time)));
    }

    int restored(String id) {
        return (int) messages.all(DatabaseRestored.class).stream()
                .filter(event -> event.database().toString().equals(id))
                .count();
    }

    /** Of its engine's clock, after everything that was committed and before anything else is. */
    String time(String id) throws SQLException {
        return text(id, "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    }

    int rows(String id) throws SQLException {
        return Integer.parseInt(text(id, "select count(*) from item"));
    }

    String text(String id, String sql) throws SQLException {
        try (Connection connection = open(id);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    void execute(String id, String sql) throws SQLException {
        try (Connection connection = open(id);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Connection open(String id) throws SQLException {
        JsonNode database = api.get(DATABASES + "/" + id).json();
        URI url = URI.create(database.path("connection_url").asString());
        String[] login = url.getUserInfo().split(":");
        Properties properties = new Properties();
        properties.put("user", login[0]);
        properties.put("password", login[1]);
        properties.put("sslmode", "verify-ca");
        properties.put("sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
        properties.put("sslfactoryarg", database.path("ca_certificate").asString());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(), properties);
    }
}

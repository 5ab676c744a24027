package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Real PostgreSQL servers go back to points in time: guests by the catalogue's command, volumes copied while nothing writes to them. */
class GoBackIT extends DatabaseServiceTest {

    @BeforeAll
    void servePostgres() throws IOException, InterruptedException {
        world.servePostgres();
    }

    @Test
    void whatWentBackIsArchivedFromThenOnAndCanGoBackAgain() throws SQLException {
        String id = running("journal");
        execute(id, "create table item as select generate_series(1, 1000) as id");
        backUp(id);
        awaitWindows(id, 1);
        execute(id, "insert into item select generate_series(2000, 2499)");
        String then = time(id);
        execute(id, "drop table item");

        goBack(id, then);
        assertThat(rows(id)).isEqualTo(1500);

        execute(id, "insert into item values (3000)");
        backUp(id);
        awaitWindows(id, 2);
        String later = time(id);
        execute(id, "delete from item");
        goBack(id, later);
        assertThat(rows(id)).isEqualTo(1501);
        goBack(id, then);
        assertThat(rows(id)).isEqualTo(1500);
    }

    private String running(String name) {
        String id = create(name, "postgresql");
        awaitStatus(id, "running");
        return id;
    }

    private String backUp(String id) {
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

    private JsonNode pitr(String id) {
        return api.get(DATABASES + "/" + id).json().path("pitr");
    }

    private void awaitWindows(String id, int count) {
        await(count + " windows")
                .atMost(Duration.ofSeconds(60))
                .until(() -> pitr(id), shown -> shown.path("windows").size() == count);
    }

    /** Waits until it did. */
    private void goBack(String id, String time) {
        int before = restored(id);
        api.post(DATABASES + "/" + id + "/restore", "{\"backup_id\":\"newest\",\"target_time\":\"" + time + "\"}")
                .expect(200);
        await("it went back to " + time).atMost(Duration.ofSeconds(60)).until(() -> restored(id) > before);
        awaitStatus(id, "running");
    }

    private int restored(String id) {
        return (int) messages.all(DatabaseRestored.class).stream()
                .filter(event -> event.database().toString().equals(id))
                .count();
    }

    /** Of its engine's clock, after everything that was committed and before anything else is. */
    private String time(String id) throws SQLException {
        return text(id, "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    }

    private int rows(String id) throws SQLException {
        return Integer.parseInt(text(id, "select count(*) from item"));
    }

    private String text(String id, String sql) throws SQLException {
        try (Connection connection = open(id);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private void execute(String id, String sql) throws SQLException {
        try (Connection connection = open(id);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection open(String id) throws SQLException {
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

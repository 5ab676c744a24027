package io.containr.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.containr.contracts.database.DatabaseEvent.DatabaseRestoreFailed;
import io.containr.contracts.database.DatabaseEvent.DatabaseRestored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A real MySQL server by the catalogue's command: what its owner is shown, its metrics, its password, and its backups. */
@TestPropertySource(properties = {"containr.database.patience.start=2m", "containr.database.patience.check=1s"})
class MySqlIT extends DatabaseServiceTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    private Path directory;

    @BeforeEach
    void serveMySql() throws IOException {
        assumeTrue(
                Files.isDirectory(MySqlGuests.SERVER),
                "there is no MySQL server at " + MySqlGuests.SERVER + ", which ./containr test fetches");
        world.serveMySql();
    }

    @Test
    void whatItsOwnerWroteIsCountedRestoredAndProven() throws Exception {
        String id = create("the shop", "mysql");
        awaitStatus(id, "running");
        execute(id, "create table item (id int primary key auto_increment, value varchar(1000) not null)");
        await("the empty table is counted")
                .until(() -> metrics(id).path("storage_bytes").asLong() > 0);
        execute(
                id,
                "insert into item (value) with recursive n as (select 1 as i union all select i + 1 from n where i < 1000)"
                        + " select repeat('x', 1000) from n");
        execute(id, "insert into item (value) select value from item union all select value from item");
        assertThat(text(id, "select count(*) from item")).isEqualTo("3000");
        assertThat(text(id, "show session status like 'Ssl_cipher'")).isNotEmpty();

        // Nobody reads a binary log here, which would take up the plan's disk.
        assertThat(text(id, "select @@log_bin")).isEqualTo("0");
        // The engine counts by itself, but in its own time.
        execute(id, "analyze table item");
        await("what was written since it was counted first")
                .atMost(Duration.ofSeconds(30))
                .until(() -> metrics(id).path("storage_bytes").asLong() > MEBIBYTE);

        String backup = backUp(id);
        execute(id, "delete from item where id > 10");
        String first = url(id);
        api.post(DATABASES + "/" + id + "/credentials").expect(200);
        await("another password").until(() -> !url(id).equals(first));
        assertThatThrownBy(() -> open(id, first).close()).isInstanceOf(SQLException.class);
        assertThat(text(id, "select count(*) from item")).isEqualTo("10");
        String second = url(id);

        api.post(DATABASES + "/" + id + "/restore", "{\"backup_id\":\"" + backup + "\"}")
                .expect(200);
        await("it went back")
                .atMost(Duration.ofSeconds(60))
                .failFast(() -> !messages.all(DatabaseRestoreFailed.class).isEmpty())
                .until(() -> messages.all(DatabaseRestored.class).stream()
                        .anyMatch(event -> event.database().toString().equals(id)));
        await("the present password")
                .atMost(Duration.ofSeconds(20))
                .until(() -> password(url(id)).equals(password(second)));
        awaitStatus(id, "running");
        assertThat(text(id, "select count(*) from item")).isEqualTo("3000");

        try (Connection held = open(id, url(id))) {
            assertThat(held.isValid(5)).isTrue();
            await("its connections").until(() -> metrics(id).path("connections").asInt() == 1);
        }

        act(id, "restart");
        await("another instance").until(() -> instancesNamed("the-shop").size() == 3);
        awaitStatus(id, "running");
        assertThat(text(id, "select count(*) from item")).isEqualTo("3000");
        await("the drill")
                .atMost(Duration.ofSeconds(60))
                .until(() -> last(id), shown -> shown.has("verified_at") || shown.has("drill_failure"));
        assertThat(last(id).path("drill_failure").asString("")).isEmpty();
    }

    private String backUp(String id) {
        String backup = api.post(DATABASES + "/" + id + "/backup?verify=true")
                .expect(201)
                .text("/backup_id");
        await("backup " + backup)
                .atMost(Duration.ofSeconds(60))
                .until(() -> last(id).path("status").asString().equals("completed"));
        return backup;
    }

    private JsonNode last(String id) {
        return api.get(DATABASES + "/" + id).json().at("/backups/backups/0");
    }

    private JsonNode metrics(String id) {
        return api.get(DATABASES + "/" + id).json().path("metrics");
    }

    private String url(String id) {
        return api.get(DATABASES + "/" + id).text("/connection_url");
    }

    private static String password(String url) {
        return URI.create(url).getUserInfo().split(":")[1];
    }

    private String text(String id, String sql) throws Exception {
        try (Connection connection = open(id, url(id));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(row.getMetaData().getColumnCount());
        }
    }

    private void execute(String id, String sql) throws Exception {
        try (Connection connection = open(id, url(id));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** By that URL, and known by the certificate that its owner is shown. */
    private Connection open(String id, String shown) throws Exception {
        URI url = URI.create(shown);
        assertThat(url.getQuery()).isEqualTo("ssl-mode=REQUIRED");
        String[] login = url.getUserInfo().split(":");
        Properties properties = new Properties();
        properties.put("user", login[0]);
        properties.put("password", login[1]);
        properties.put("sslMode", "VERIFY_CA");
        properties.put("trustCertificateKeyStoreUrl", authority(id).toUri().toString());
        properties.put("trustCertificateKeyStoreType", "PKCS12");
        properties.put("trustCertificateKeyStorePassword", "secret");
        return new com.mysql.cj.jdbc.Driver()
                .connect("jdbc:mysql://" + url.getHost() + ":" + url.getPort() + url.getPath(), properties);
    }

    private Path authority(String id) throws Exception {
        Path file = directory.resolve(id + ".p12");
        if (!Files.exists(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(api.get(DATABASES + "/" + id)
                                    .text("/ca_certificate")
                                    .getBytes(StandardCharsets.US_ASCII))));
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, "secret".toCharArray());
            }
        }
        return file;
    }
}

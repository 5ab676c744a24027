package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.EngineImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Managed databases of real engines in guests: their rows outlive everything but their end. */
class DatabasesE2E {

    private static final String STARTED = "select pg_postmaster_start_time()::text as started";

    private static RunningPlatform platform;
    private static ApiClient alan;

    @BeforeAll
    static void start() throws Exception {
        platform = RunningPlatform.get();
        alan = platform.user("alan");
        platform.engine(EngineImage.POSTGRESQL);
        platform.engine(EngineImage.MARIADB);
        platform.engine(EngineImage.REDIS);
        platform.engine(EngineImage.CLICKHOUSE);
    }

    /** What a test that failed has left would be in the way of its next run, by name. */
    @AfterEach
    void leaveNothing() throws Exception {
        for (JsonNode left : alan.get("/databases").path("databases")) {
            alan.send("DELETE", "/databases/" + left.path("id").asString(), null);
        }
    }

    @Test
    void everyEngineIsSpokenToInItsProtocolAndKeepsItsRowsThroughRestartStopPlanAndAnotherPassword() throws Exception {
        long begun = System.nanoTime();
        String id = create("orders", "postgresql");
        String sql = create("shop", "mariadb");
        String cache = create("cache", "redis");
        JsonNode running = status(id, "running");
        System.out.printf("PostgreSQL: first query after %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        write(running);
        assertThat(running.at("/settings/ssl").asBoolean()).isTrue();
        assertThat(text(running, "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()", "ssl"))
                .isEqualTo("true");
        JsonNode shop = status(sql, "running");
        write(shop);
        assertThat(text(shop, "show session status like 'Ssl_version'", "Value"))
                .startsWith("TLSv1.");
        try (Jedis jedis = jedis(status(cache, "running"))) {
            jedis.set("a", "1");
        }

        act(id, "restart");
        act(sql, "restart");
        act(cache, "restart");
        assertThat(rows(status(id, "running"))).isEqualTo(1000);
        act(id, "stop");
        assertThat(rows(status(sql, "running"))).isEqualTo(1000);
        try (Jedis jedis = jedis(status(cache, "running"))) {
            assertThat(jedis.get("a")).isEqualTo("1");
        }
        alan.send("DELETE", "/databases/" + sql, null).expect(200);
        alan.send("DELETE", "/databases/" + cache, null).expect(200);

        assertThat(status(id, "stopped").has("connection_url")).isFalse();
        act(id, "start");
        assertThat(rows(status(id, "running"))).isEqualTo(1000);

        String started = text(alan.get("/databases/" + id), STARTED, "started");
        alan.send("PUT", "/databases/" + id, Map.of("plan", "starter")).expect(200);
        JsonNode grown = await("grown")
                .atMost(Duration.ofSeconds(60))
                .until(() -> alan.get("/databases/" + id), now -> !now.has("resize"));
        assertThat(grown.path("status").asString()).isEqualTo("running");
        assertThat(text(grown, STARTED, "started")).isEqualTo(started);
        assertThat(rows(grown)).isEqualTo(1000);

        JsonNode before = alan.get("/databases/" + id);
        alan.send("POST", "/databases/" + id + "/credentials", null).expect(200);
        JsonNode rotated = await("another password")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> alan.get("/databases/" + id),
                        now -> !now.path("connection_url").equals(before.path("connection_url")));
        assertThat(rows(rotated)).isEqualTo(1000);
        assertThatThrownBy(() -> rows(before)).isInstanceOf(SQLException.class).hasMessageContaining("password");

        alan.send("DELETE", "/databases/" + id, null).expect(200);
        alan.send("GET", "/databases/" + id, null).expect(404);
        awaitGone("orders");
        awaitGone("shop");
        awaitGone("cache");
    }

    @Test
    void aBackupBringsTheRowsOfThenBackThroughThePlatformsDeathAndTheScheduledOneIsProven() throws Exception {
        String id = create("ledger", "postgresql");
        write(status(id, "running"));
        String backup = backUp(id);
        assertThat(backupState(id, "completed", "failed")).isEqualTo("completed");
        execute(alan.get("/databases/" + id), "delete from item where id >= 10");
        assertThat(rows(alan.get("/databases/" + id))).isEqualTo(10);

        String clone = alan.post(
                        "/databases",
                        Map.of(
                                "name", "ledger of then",
                                "type", "postgresql",
                                "plan", "hobby",
                                "region", "eu",
                                "backup_id", backup))
                .path("id")
                .asString();
        JsonNode cloned = status(clone, "running");
        assertThat(rows(cloned)).isEqualTo(1000);
        assertThat(rows(alan.get("/databases/" + id))).isEqualTo(10);
        assertThat(URI.create(cloned.path("connection_url").asString()).getUserInfo())
                .isNotEqualTo(URI.create(alan.get("/databases/" + id)
                                .path("connection_url")
                                .asString())
                        .getUserInfo());

        // One goes back while the other is backed up, and everything but the guests is killed.
        String cut = backUp(clone);
        agentIs("select state from backup where id = ?::uuid", cut, "DUMPING");
        alan.send("POST", "/databases/" + id + "/restore", Map.of("backup_id", backup))
                .expect(200);
        agentIs("select state from restoration where backup_id = ?::uuid and state <> 'DONE'", backup, "RESTORING");
        platform.killControlPlane();
        platform.up();
        await("the rows of then")
                .atMost(Duration.ofSeconds(120))
                .ignoreExceptions()
                .until(() -> rows(status(id, "running")) == 1000);
        assertThat(backupState(clone, "completed", "failed")).isIn("completed", "failed");
        assertThat(rows(status(clone, "running"))).isEqualTo(1000);
        backUp(clone);

        String proven = proveScheduledBackup(id);
        assertThat(backupState(clone, "completed", "failed")).isEqualTo("completed");
        isRefusedOnceItIsDamaged(id, proven);
        alan.send("DELETE", "/databases/" + clone, null).expect(200);
        showsMetrics(id);
        assertThat(rows(alan.get("/databases/" + id))).isEqualTo(1000);
        alan.send("DELETE", "/databases/" + id, null).expect(200);
        awaitGone("ledger");
    }

    @Test
    void aPointBetweenBackupsHasWhatWasCommittedUntilThenAndNothingLater() throws Exception {
        String id = create("journal", "postgresql");
        write(status(id, "running"));
        String backup = backUp(id);
        assertThat(backupState(id, "completed", "failed")).isEqualTo("completed");
        await("a window")
                .atMost(Duration.ofSeconds(60))
                .until(() -> alan.get("/databases/" + id).path("pitr").has("latest"));
        execute(alan.get("/databases/" + id), "insert into item select generate_series(2000, 2499)");
        String then = time(alan.get("/databases/" + id));
        execute(alan.get("/databases/" + id), "drop table item");
        JsonNode present = alan.get("/databases/" + id);

        String clone = alan.post(
                        "/databases",
                        Map.of(
                                "name", "journal of then",
                                "type", "postgresql",
                                "plan", "hobby",
                                "region", "eu",
                                "backup_id", backup,
                                "target_time", goBack(id, then)))
                .path("id")
                .asString();

        await("the rows of then")
                .atMost(Duration.ofSeconds(120))
                .ignoreExceptions()
                .until(() -> rows(status(id, "running")) == 1500);
        JsonNode back = alan.get("/databases/" + id);
        assertThat(back.path("connection_url").asString()).contains(password(present));
        assertThat(text(back, "select pg_is_in_recovery()::text as recovering", "recovering"))
                .isEqualTo("false");
        execute(back, "insert into item values (3000)");
        assertThat(rows(status(clone, "running"))).isEqualTo(1500);
        assertThat(password(alan.get("/databases/" + clone))).isNotEqualTo(password(present));
        act(id, "restart");
        assertThat(rows(status(id, "running"))).isEqualTo(1501);

        // What was restored can go back in its turn, and what was before it can be had again.
        backUp(id);
        assertThat(backupState(id, "completed", "failed")).isEqualTo("completed");
        await("a second window")
                .atMost(Duration.ofSeconds(60))
                .until(() -> alan.get("/databases/" + id).at("/pitr/windows").size() == 2);
        String later = time(alan.get("/databases/" + id));
        execute(alan.get("/databases/" + id), "delete from item");
        goBack(id, later);
        await("the rows of later")
                .atMost(Duration.ofSeconds(120))
                .ignoreExceptions()
                .until(() -> rows(status(id, "running")) == 1501);
        alan.send("DELETE", "/databases/" + id, null).expect(200);
        alan.send("DELETE", "/databases/" + clone, null).expect(200);
        awaitGone("journal");
    }

    @Test
    void aClickHouseIsSpokenToOverTlsAloneAndItsScheduledBackupIsProvenAndBringsItsRowsBack() throws Exception {
        String id = create("visits", "clickhouse");
        JsonNode running = status(id, "running");
        assertThat(running.path("connection_url").asString())
                .startsWith("clickhouse://")
                .endsWith("?secure=true");
        ask(running, "create table item (id UInt32) engine = MergeTree order by id");
        ask(running, "insert into item select number from system.numbers limit 1000");
        String url = running.path("connection_url").asString();
        JsonNode guessed =
                ((ObjectNode) running.deepCopy()).put("connection_url", url.replace(password(running), "guessed"));
        assertThatThrownBy(() -> ask(guessed, "select 1")).isInstanceOf(IOException.class);
        act(id, "restart");
        assertThat(ask(status(id, "running"), "select count() from item")).isEqualTo("1000");

        String backup = proveScheduledBackup(id);
        ask(alan.get("/databases/" + id), "drop table item");
        alan.send("POST", "/databases/" + id + "/restore", Map.of("backup_id", backup))
                .expect(200);

        await("the rows of then")
                .atMost(Duration.ofSeconds(120))
                .ignoreExceptions()
                .until(() ->
                        ask(status(id, "running"), "select count() from item").equals("1000"));
        await("what came of it")
                .until(() -> alan.get("/databases/" + id)
                        .at("/last_restore/status")
                        .asString()
                        .equals("succeeded"));
        alan.send("DELETE", "/databases/" + id, null).expect(200);
        awaitGone("visits");
    }

    /** The checksum that its owner sees is that of the archive on the node's storage. */
    private static void isRefusedOnceItIsDamaged(String id, String backup) throws Exception {
        String volume = platform.value("proxmox-agent", "select archive from backup where id = ?::uuid", backup);
        Path archive = platform.archive(volume);
        assertThat(alan.get("/databases/" + id)
                        .at("/backups/backups/0/checksum")
                        .asString())
                .isEqualTo("sha256:" + new DigestUtils("SHA-256").digestAsHex(archive));
        try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap("a block of something else".getBytes(StandardCharsets.UTF_8)), file.size() / 2);
        }

        alan.send("POST", "/databases/" + id + "/restore", Map.of("backup_id", backup))
                .expect(200);

        JsonNode refused = await("refused")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> alan.get("/databases/" + id).path("last_restore"),
                        restore -> restore.path("status").asString().equals("failed"));
        assertThat(refused.path("error_code").asString()).isEqualTo("ARCHIVE_DAMAGED");
    }

    /** Its id. */
    private static String proveScheduledBackup(String id) throws Exception {
        platform.value(
                "database-service",
                "update backup_schedule set next_at = now() where database_id = ?::uuid returning 1",
                id);
        JsonNode proven = await("drill")
                .atMost(Duration.ofSeconds(120))
                .until(
                        () -> alan.get("/databases/" + id).at("/backups/backups/0"),
                        shown -> shown.has("verified_at") || shown.has("drill_failure"));
        assertThat(proven.has("drill_failure")).as(proven.toString()).isFalse();
        return proven.path("id").asString();
    }

    /** What ClickHouse answers. */
    private static String ask(JsonNode database, String query) throws IOException {
        URI url = URI.create(database.path("connection_url").asString());
        String[] login = url.getUserInfo().split(":");
        HttpsURLConnection connection = (HttpsURLConnection) URI.create("https://" + url.getHost() + ":" + url.getPort()
                        + "/?database=" + url.getPath().substring(1))
                .toURL()
                .openConnection();
        connection.setSSLSocketFactory(trust(database).getSocketFactory());
        connection.setHostnameVerifier((host, session) -> true);
        connection.setRequestProperty("X-ClickHouse-User", login[0]);
        connection.setRequestProperty("X-ClickHouse-Key", login[1]);
        connection.setDoOutput(true);
        connection.getOutputStream().write(query.getBytes(StandardCharsets.UTF_8));
        try (InputStream answer = connection.getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** By the authority that the database is shown with, alone. */
    private static SSLContext trust(JsonNode database) {
        return SslBundle.of(new PemSslStoreBundle(
                        null,
                        PemSslStoreDetails.forCertificate(
                                database.path("ca_certificate").asString())))
                .createSslContext();
    }

    /** Returns the time. */
    private static String goBack(String id, String time) throws Exception {
        alan.send("POST", "/databases/" + id + "/restore", Map.of("backup_id", "newest", "target_time", time))
                .expect(200);
        return time;
    }

    /** Of its engine's clock, after everything that was committed and before anything else is. */
    private static String time(JsonNode database) throws SQLException {
        return text(
                database,
                "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as now",
                "now");
    }

    private static String password(JsonNode database) {
        return URI.create(database.path("connection_url").asString())
                .getUserInfo()
                .split(":")[1];
    }

    private static void showsMetrics(String id) throws Exception {
        try (Connection open = connect(alan.get("/databases/" + id))) {
            JsonNode metrics = await("metrics")
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> alan.get("/databases/" + id).path("metrics"),
                            shown -> shown.has("cpu")
                                    && shown.path("connections").asInt() >= 1);
            assertThat(open.isClosed()).isFalse();
            assertThat(metrics.path("memory_bytes").asLong()).isBetween(1L << 20, 256L << 20);
            assertThat(metrics.path("storage_bytes").asLong()).isBetween(1L << 20, 1L << 30);
            assertThat(metrics.has("read_iops")).isFalse();
        }
    }

    /** Guests of databases whose names begin so. */
    private static void awaitGone(String name) {
        await("no guest of " + name + " is left")
                .atMost(Duration.ofSeconds(90))
                .until(() -> "0"
                        .equals(platform.value(
                                "proxmox-agent",
                                "select count(*) from instance where phase <> 'REMOVED' and spec like ?",
                                "%\"" + name + "-%")));
    }

    /** Begins one; returns its id. */
    private static String backUp(String id) throws Exception {
        return alan.post("/databases/" + id + "/backup", null).path("backup_id").asString();
    }

    /** Of the newest backup, once it is one of these. */
    private static String backupState(String id, String... states) {
        return await("backup of " + id)
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(
                        () -> alan.get("/databases/" + id)
                                .at("/backups/backups/0/status")
                                .asString(),
                        Set.of(states)::contains);
    }

    private static void agentIs(String sql, String id, String wanted) {
        await(wanted)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> platform.value("proxmox-agent", sql, id), wanted::equals);
    }

    private static void execute(JsonNode database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String create(String name, String type) throws Exception {
        return alan.post("/databases", Map.of("name", name, "type", type, "plan", "hobby", "region", "eu"))
                .path("id")
                .asString();
    }

    private static void act(String id, String action) throws Exception {
        alan.send("POST", "/databases/" + id + "/action", Map.of("action", action))
                .expect(200);
    }

    private static JsonNode status(String id, String status) {
        return await(id + " is " + status)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(
                        () -> alan.get("/databases/" + id),
                        database -> database.path("status").asString().equals(status));
    }

    private static void write(JsonNode database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("create table item (id int primary key)");
            for (int hundred = 0; hundred < 10; hundred++) {
                StringBuilder insert = new StringBuilder("insert into item values (" + hundred * 100 + ")");
                for (int i = 1; i < 100; i++) {
                    insert.append(", (").append(hundred * 100 + i).append(')');
                }
                statement.execute(insert.toString());
            }
        }
    }

    private static String text(JsonNode database, String sql, String column) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(column));
        }
    }

    private static int rows(JsonNode database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from item")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static Jedis jedis(JsonNode database) {
        return new Jedis(
                URI.create(database.path("connection_url").asString()),
                DefaultJedisClientConfig.builder()
                        .sslSocketFactory(trust(database).getSocketFactory())
                        .build());
    }

    private static Connection connect(JsonNode database) throws SQLException {
        URI url = URI.create(database.path("connection_url").asString());
        String[] login = url.getUserInfo().split(":");
        Properties properties = new Properties();
        properties.put("user", login[0]);
        properties.put("password", login[1]);
        properties.putAll(
                encryption(url.getScheme(), database.path("ca_certificate").asString()));
        return DriverManager.getConnection(
                "jdbc:" + url.getScheme() + "://" + url.getHost() + ":" + url.getPort() + url.getPath(), properties);
    }

    /** By which the drivers refuse an engine that this authority does not vouch for. */
    private static Map<String, String> encryption(String scheme, String authority) {
        return scheme.equals("mariadb")
                ? Map.of("sslMode", "verify-ca", "serverSslCert", authority)
                : Map.of(
                        "sslmode",
                        "verify-ca",
                        "sslfactory",
                        "org.postgresql.ssl.SingleCertValidatingFactory",
                        "sslfactoryarg",
                        authority);
    }
}

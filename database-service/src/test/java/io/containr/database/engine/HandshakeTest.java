package io.containr.database.engine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.containr.database.TlsEngine;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How engines are spoken to that no test can run, up to the first exchange and no further; and what takes no other engine for its own. */
class HandshakeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    @Test
    void clickHouseIsAskedByHttpAsItsUser() throws EngineException {
        WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
        server.start();
        try {
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withHeader("X-ClickHouse-User", equalTo("containr"))
                    .withHeader("X-ClickHouse-Key", equalTo("secret"))
                    .withRequestBody(equalTo("select 1"))
                    .willReturn(aResponse().withBody("1\n")));
            ClickHouseEngine engine = new ClickHouseEngine(Duration.ofSeconds(10));

            assertThatCode(() -> engine.query(target(server.port(), "secret"))).doesNotThrowAnyException();
            assertThatThrownBy(() -> engine.query(target(server.port(), "wrong")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("404");
            assertThat(engine).isNotInstanceOf(PasswordChange.class);
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(containing("system.metrics"))
                    .willReturn(aResponse().withBody("3\n")));
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(containing("system.parts"))
                    .willReturn(aResponse().withBody("4096\n")));
            assertThat(engine.figures(target(server.port(), "secret"))).isEqualTo(new Figures(2, 4096L));
        } finally {
            server.stop();
        }
    }

    @Test
    void clickHouseIsMarkedAndReadBack() throws EngineException {
        WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
        server.start();
        try {
            server.stubFor(post(urlEqualTo("/?database=shop")).willReturn(aResponse()));
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(equalTo("select id, value from containr_canary format TabSeparated"))
                    .willReturn(aResponse()
                            .withBody(IntStream.rangeClosed(1, 100)
                                    .mapToObj(id -> id + "\tabc" + id + "\n")
                                    .collect(Collectors.joining()))));
            ClickHouseEngine engine = new ClickHouseEngine(Duration.ofSeconds(10));
            Target target = target(server.port(), "secret");

            String mark = engine.mark(target, "abc");

            assertThat(server.getAllServeEvents().reversed())
                    .extracting(event -> event.getRequest().getBodyAsString().replaceFirst("\\(1, .*", "(1, …"))
                    .containsExactly(
                            "create table if not exists containr_canary (id UInt32, value String) engine = MergeTree order by id"
                                    + " settings fsync_after_insert = 1, fsync_part_directory = 1",
                            "truncate table containr_canary",
                            "insert into containr_canary (id, value) values (1, …");
            assertThat(engine.readMark(target)).isEqualTo(mark);
            assertThat(engine.mark(target, "abd")).isNotEqualTo(mark);
            assertThatThrownBy(() -> engine.mark(target, "a'b")).isInstanceOf(IllegalArgumentException.class);
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(containing("select id"))
                    .willReturn(aResponse().withBody("no rows\n")));
            assertThatThrownBy(() -> engine.readMark(target)).isInstanceOf(EngineException.class);
        } finally {
            server.stop();
        }
    }

    /** Such as Debian's: it does not know how to write a part to the disk at once. */
    @Test
    void anOldClickHouseIsMarkedAsItCan() throws EngineException {
        WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
        server.start();
        try {
            server.stubFor(post(urlEqualTo("/?database=shop")).willReturn(aResponse()));
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(containing("fsync_after_insert"))
                    .willReturn(aResponse()
                            .withStatus(500)
                            .withBody("Code: 36, Unknown setting fsync_after_insert for storage MergeTree")));
            ClickHouseEngine engine = new ClickHouseEngine(Duration.ofSeconds(10));
            Target target = target(server.port(), "secret");

            engine.mark(target, "abc");

            assertThat(server.getAllServeEvents().reversed())
                    .extracting(event -> event.getRequest().getBodyAsString())
                    .element(1)
                    .isEqualTo("create table if not exists containr_canary (id UInt32, value String)"
                            + " engine = MergeTree order by id");
            server.stubFor(post(urlEqualTo("/?database=shop"))
                    .withRequestBody(containing("fsync_after_insert"))
                    .willReturn(aResponse().withStatus(500).withBody("Code: 243, Cannot reserve 1.00 MiB")));
            assertThatThrownBy(() -> engine.mark(target, "abc"))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("It refused a query with status 500");
        } finally {
            server.stop();
        }
    }

    @Test
    void clickHouseIsAskedOverTlsByItsAuthorityAlone() throws Exception {
        SelfSignedCertificate own = new SelfSignedCertificate("shop.internal");
        SelfSignedCertificate other = new SelfSignedCertificate("shop.internal");
        WireMockServer server = TlsEngine.start(
                directory,
                Files.readString(own.certificate().toPath()),
                Files.readString(own.privateKey().toPath()));
        try {
            server.stubFor(
                    post(urlEqualTo("/?database=shop")).willReturn(aResponse().withBody("1\n")));
            ClickHouseEngine engine = new ClickHouseEngine(Duration.ofSeconds(10));

            engine.query(encrypted(server.httpsPort(), own));
            assertThatThrownBy(() -> engine.query(encrypted(server.httpsPort(), other)))
                    .isInstanceOf(EngineException.class)
                    .cause()
                    .hasMessageContaining("PKIX");
        } finally {
            server.stop();
            own.delete();
            other.delete();
        }
    }

    /** By its driver, and a server that keeps no users. */
    @Test
    void mongoIsMarkedAndReadBack() {
        MongoServer server = new MongoServer(new MemoryBackend());
        try (MongoClient client = MongoClients.create(server.bindAndGetConnectionString())) {
            MongoDatabase shop = client.getDatabase("shop");
            String empty = MongoEngine.readMark(shop);
            String first = MongoEngine.mark(shop, "abc");
            assertThat(MongoEngine.readMark(shop)).isEqualTo(first).isNotEqualTo(empty);
            String second = MongoEngine.mark(shop, "def");
            assertThat(MongoEngine.readMark(shop)).isEqualTo(second).isNotEqualTo(first);
            shop.getCollection(Marks.NAME).deleteOne(new Document("_id", 50));
            assertThat(MongoEngine.readMark(shop)).isNotEqualTo(second);
        } finally {
            server.shutdownNow();
        }
    }

    /** As far as the server without users can tell: it does not know the command that logs in. */
    @Test
    void mongoIsAskedOverTlsByItsAuthorityAlone() throws Exception {
        SelfSignedCertificate own = new SelfSignedCertificate("shop.internal");
        SelfSignedCertificate other = new SelfSignedCertificate("shop.internal");
        MongoServer server = new MongoServer(new MemoryBackend());
        server.enableSsl(own.key(), null, own.cert());
        int port = server.bind().getPort();
        MongoEngine engine = new MongoEngine(Duration.ofSeconds(5));
        try {
            assertThatThrownBy(() -> engine.query(encrypted(port, own)))
                    .isInstanceOf(EngineException.class)
                    .hasRootCauseInstanceOf(MongoCommandException.class);
            assertThatThrownBy(() -> engine.query(encrypted(port, other)))
                    .isInstanceOf(EngineException.class)
                    .cause()
                    .hasMessageContaining("PKIX");
        } finally {
            server.shutdownNow();
            own.delete();
            other.delete();
        }
    }

    private static Target encrypted(int port, SelfSignedCertificate authority) throws IOException {
        return new Target(
                "127.0.0.1",
                port,
                "containr",
                "secret",
                "shop",
                Files.readString(authority.certificate().toPath()));
    }

    @Test
    void mongoIsGreetedInItsWireProtocol() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> greeting = CompletableFuture.supplyAsync(() -> firstMessage(server));

            assertThatThrownBy(() -> new MongoEngine(PATIENCE).query(target(server.getLocalPort(), "secret")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageNotContaining("secret");

            byte[] message = greeting.get(5, TimeUnit.SECONDS);
            int operation =
                    ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
            assertThat(operation).isIn(2004, 2013);
            assertThat(new String(message, StandardCharsets.ISO_8859_1))
                    .contains("isMaster", "mongo-java-driver", "containr");
        }
    }

    @Test
    void aServerThatSaysNothingOfMySqlIsNone() throws IOException, SQLException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> JdbcEngine.mysql(PATIENCE).query(target(silent.getLocalPort(), "secret")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    private static byte[] firstMessage(ServerSocket server) {
        try (Socket socket = server.accept();
                DataInputStream input = new DataInputStream(socket.getInputStream())) {
            byte[] length = input.readNBytes(4);
            int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return ByteBuffer.allocate(size)
                    .put(length)
                    .put(input.readNBytes(size - 4))
                    .array();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Target target(int port, String password) {
        return new Target("127.0.0.1", port, "containr", password, "shop", null);
    }
}

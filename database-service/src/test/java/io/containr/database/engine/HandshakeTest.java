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
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How engines are spoken to that no test can run: up to the first exchange, and no further. */
class HandshakeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

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
            ClickHouseEngine engine = new ClickHouseEngine(PATIENCE);

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

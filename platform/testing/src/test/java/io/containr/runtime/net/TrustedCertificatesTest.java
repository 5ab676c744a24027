package io.containr.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.containr.testing.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedCertificatesTest {

    @TempDir
    private Path directory;

    @Test
    void aServerOfAnAuthorityInTheFileIsTrustedAndNobodyElse() throws Exception {
        TestCertificate named = TestCertificate.make(directory);
        TestCertificate another = TestCertificate.make(directory);
        SSLContext trusting = TrustedCertificates.context(
                Files.writeString(directory.resolve("authorities.pem"), "# ours\n" + named.certificatePem()));

        assertThat(answer(named, trusting)).isEqualTo(204);
        assertThatThrownBy(() -> answer(another, trusting)).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> answer(named, SSLContext.getDefault())).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "no certificate");
        for (Path file : List.of(empty, wrong, directory.resolve("missing.pem"))) {
            assertThatThrownBy(() -> TrustedCertificates.context(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(TrustedCertificates.SETTING)
                    .hasMessageContaining(file.toString());
        }
    }

    private static int answer(TestCertificate certificate, SSLContext client) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:"
                                            + server.getAddress().getPort() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } finally {
            server.stop(0);
        }
    }
}

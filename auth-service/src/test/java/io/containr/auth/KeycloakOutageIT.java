package io.containr.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.auth.AuthApi.Answer;
import io.containr.testing.TestEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=auth-service",
            "containr.auth.keycloak.api-client-secret=unused",
            "containr.auth.keycloak.service-client-secret=unused",
            "containr.auth.keycloak.read-timeout=200ms"
        })
@ContextConfiguration(initializers = TestEnvironment.class)
class KeycloakOutageIT {

    /** Takes connections and never answers, until it is closed: then nothing takes them. */
    private static final ServerSocket SILENT = silent();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @DynamicPropertySource
    static void keycloak(DynamicPropertyRegistry settings) {
        settings.add("containr.auth.keycloak.url", () -> "http://127.0.0.1:" + SILENT.getLocalPort());
    }

    @AfterAll
    static void close() throws IOException {
        SILENT.close();
    }

    @Test
    void silentOrMissingKeycloakIsAnUnavailableDependency() throws IOException {
        everythingIsUnavailable();
        SILENT.close();
        everythingIsUnavailable();
    }

    private void everythingIsUnavailable() {
        AuthApi api = new AuthApi(port);
        for (Supplier<Answer> call : List.<Supplier<Answer>>of(
                () -> api.login("ann@example.com", AuthApi.PASSWORD),
                () -> api.refresh("some.refresh.token"),
                () -> api.register("ann@example.com", AuthApi.PASSWORD, "Ann"))) {
            Answer answer = call.get();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/code")).isEqualTo("DEPENDENCY_UNAVAILABLE");
        }
        assertThat(health("readiness")).isEqualTo(503);
        assertThat(health("liveness")).isEqualTo(200);
        assertThat(jdbc.sql("select count(*) from invitations where claimed_until is not null")
                        .query(Long.class)
                        .single())
                .as("places that a failed registration still holds")
                .isZero();
    }

    private int health(String probe) {
        return RestClient.create("http://127.0.0.1:" + port)
                .get()
                .uri("/actuator/health/" + probe)
                .exchange((request, response) -> response.getStatusCode().value());
    }

    private static ServerSocket silent() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

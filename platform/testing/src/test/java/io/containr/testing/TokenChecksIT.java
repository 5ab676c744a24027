package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.client.RestClient;

@SpringBootTest(
        properties = {"spring.config.name=probe-service", "containr.tokens.fetch-keys-after=50ms"},
        classes = ProbeService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {TestEnvironment.class, TokenChecksIT.Issuer.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TokenChecksIT {

    private static final AtomicBoolean AWAY = new AtomicBoolean();
    private static final AtomicInteger FETCHES = new AtomicInteger();
    private static RSAKey key;
    private static HttpServer issuer;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void publishKeys() throws JOSEException, IOException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/certs", exchange -> {
            FETCHES.incrementAndGet();
            exchange.sendResponseHeaders(AWAY.get() ? 503 : 200, AWAY.get() ? -1 : keys.length);
            if (!AWAY.get()) {
                exchange.getResponseBody().write(keys);
            }
            exchange.close();
        });
        issuer.start();
    }

    @AfterAll
    static void stopIssuer() {
        issuer.stop(0);
    }

    @Test
    @Order(1)
    void withoutAKeyYetTheTokenIsNotToBlame() throws Exception {
        AWAY.set(true);

        assertThat(status(token("one", "ours", "containr-api"))).isEqualTo(503);
    }

    @Test
    @Order(2)
    void keysOutliveAnOutageOfTheirIssuer() throws Exception {
        AWAY.set(false);
        await().atMost(Duration.ofSeconds(5)).until(() -> status(token("one", "ours", "containr-api")) == 200);

        AWAY.set(true);
        int before = FETCHES.get();
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            assertThat(status(token("one", "ours", "containr-api"))).isEqualTo(200);
            return FETCHES.get() > before;
        });
    }

    @Test
    @Order(3)
    void tokenOfAnotherIssuerOrForAnotherAudienceIsRefused() throws Exception {
        AWAY.set(false);
        await().atMost(Duration.ofSeconds(5)).until(() -> status(token("one", "ours", "containr-api")) == 200);

        assertThat(status(token("one", "theirs", "containr-api"))).isEqualTo(401);
        assertThat(status(token("one", "ours", "another"))).isEqualTo(401);
        assertThat(status(token("one", "ours", null))).isEqualTo(401);
        assertThat(status(token("unknown", "ours", "containr-api"))).isEqualTo(401);
    }

    private int status(String token) {
        return RestClient.create("http://127.0.0.1:" + port)
                .get()
                .uri("/me")
                .headers(headers -> headers.setBearerAuth(token))
                .exchange((request, response) -> response.getStatusCode().value());
    }

    private static String token(String keyId, String issuer, @Nullable String audience) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(keyId).build(),
                new JWTClaimsSet.Builder()
                        .subject(UUID.randomUUID().toString())
                        .issuer(issuer)
                        .audience(audience)
                        .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                        .build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    static final class Issuer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "issuer",
                            Map.of(
                                    "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                                    "http://127.0.0.1:" + issuer.getAddress().getPort() + "/certs",
                                    "spring.security.oauth2.resourceserver.jwt.issuer-uri",
                                    "ours",
                                    "spring.security.oauth2.resourceserver.jwt.audiences",
                                    "containr-api")));
        }
    }
}

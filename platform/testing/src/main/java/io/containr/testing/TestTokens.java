package io.containr.testing;

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
import io.containr.contracts.ids.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Signs access tokens as the identity provider would, and serves the public key as it does. */
public final class TestTokens {

    private static final RSAKey KEY = newKey();
    private static final HttpServer SERVER = serve();

    /** Made when it is asked for: a key takes seconds. */
    private static final class Foreign {
        private static final RSAKey KEY = newKey();
    }

    private TestTokens() {}

    /** For {@code spring.security.oauth2.resourceserver.jwt.jwk-set-uri}. */
    public static String jwkSetUri() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort() + "/certs";
    }

    /** A valid access token of that user. */
    public static String bearer(UserId user, String email) {
        return sign(KEY, user, email, Instant.now().plus(Duration.ofHours(1)));
    }

    /** One that ran out. */
    public static String expired(UserId user) {
        return sign(KEY, user, "late@example.com", Instant.now().minus(Duration.ofHours(1)));
    }

    /** One that somebody else signed. */
    public static String forged(UserId user) {
        return sign(Foreign.KEY, user, "mallory@example.com", Instant.now().plus(Duration.ofHours(1)));
    }

    private static String sign(RSAKey key, UserId user, String email, Instant expiry) {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .subject(user.toString())
                        .claim("email", email)
                        .claim("name", email)
                        .issueTime(Date.from(expiry.minus(Duration.ofHours(1))))
                        .expirationTime(Date.from(expiry))
                        .build());
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("test").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            server.createContext("/certs", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                try (var body = exchange.getResponseBody()) {
                    body.write(keys);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.containr.project.webhook;

import io.containr.project.git.ProviderKind;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whether a delivery was made by somebody who knows the secret. Each provider signs the raw body in its own way; comparisons take
 * the same time whatever they find.
 */
final class Signatures {

    /** Of secrets of the Standard Webhooks: what follows is base64 of the key. */
    static final String PREFIX = "whsec_";

    private static final String SHA256 = "sha256=";
    private static final String VERSION = "v1,";

    private final Duration tolerance;

    /** @param tolerance how far the time that is part of a signature may lie from ours */
    Signatures(Duration tolerance) {
        this.tolerance = tolerance;
    }

    boolean prove(ProviderKind provider, Delivery delivery, String secret, Instant now) {
        return switch (provider) {
            case GITHUB -> prefixedHex(delivery, delivery.headerOrEmpty("X-Hub-Signature-256"), secret);
            case BITBUCKET -> prefixedHex(delivery, delivery.headerOrEmpty("X-Hub-Signature"), secret);
            case GITEA -> hex(delivery, delivery.headerOrEmpty("X-Gitea-Signature"), secret);
            case GITLAB ->
                delivery.header("webhook-signature") == null
                        ? same(bytes(delivery.headerOrEmpty("X-Gitlab-Token")), bytes(secret))
                        : standard(delivery, secret, now);
        };
    }

    private static boolean prefixedHex(Delivery delivery, String signature, String secret) {
        return signature.startsWith(SHA256) && hex(delivery, signature.substring(SHA256.length()), secret);
    }

    private static boolean hex(Delivery delivery, String signature, String secret) {
        return same(bytes(signature), bytes(HexFormat.of().formatHex(hmac(bytes(secret), delivery.body()))));
    }

    /** One of several signatures suffices, as while a secret is replaced. */
    private boolean standard(Delivery delivery, String secret, Instant now) {
        String id = delivery.headerOrEmpty("webhook-id");
        String timestamp = delivery.headerOrEmpty("webhook-timestamp");
        if (id.isEmpty() || !timestamp.matches("\\d{1,12}")) {
            return false;
        }
        Duration distance = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        if (distance.compareTo(tolerance) > 0) {
            return false;
        }
        byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        String expected =
                Base64.getEncoder().encodeToString(hmac(key, bytes(id + "." + timestamp + "."), delivery.body()));
        boolean proven = false;
        for (String signature : delivery.headerOrEmpty("webhook-signature").split(" ", 20)) {
            proven |= same(bytes(signature), bytes(VERSION + expected));
        }
        return proven;
    }

    private static boolean same(byte[] given, byte[] expected) {
        return MessageDigest.isEqual(given, expected);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

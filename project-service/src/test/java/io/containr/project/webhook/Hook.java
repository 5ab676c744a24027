package io.containr.project.webhook;

import io.containr.project.Api;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A Git provider that sends deliveries to a service. */
record Hook(int port, String service, String secret) {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static Hook enable(Api api, int port, String service) {
        String secret = api.post("/api/v1/services/" + service + "/webhook", "")
                .expect(201)
                .text("secret");
        return new Hook(port, service, secret);
    }

    Api.Answer gitHub(String event, String body) {
        return gitHub(event, body, UUID.randomUUID().toString());
    }

    Api.Answer gitHub(String event, String body, String delivery) {
        return send("github", body, gitHubHeaders(event, body, delivery));
    }

    Map<String, String> gitHubHeaders(String event, String body, String delivery) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-GitHub-Event", event);
        headers.put("X-GitHub-Delivery", delivery);
        headers.put("X-Hub-Signature-256", "sha256=" + hex(body));
        return headers;
    }

    Api.Answer gitLab(String body, String delivery) {
        return send(
                "gitlab",
                body,
                Map.of("X-Gitlab-Event", "Push Hook", "Idempotency-Key", delivery, "X-Gitlab-Token", secret));
    }

    Api.Answer gitLabSigned(String body, String delivery, long timestamp) {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        String signature = Base64.getEncoder().encodeToString(hmac(key, delivery + "." + timestamp + "." + body));
        return send(
                "gitlab",
                body,
                Map.of(
                        "X-Gitlab-Event",
                        "Push Hook",
                        "webhook-id",
                        delivery,
                        "webhook-timestamp",
                        Long.toString(timestamp),
                        "webhook-signature",
                        "v1,bm90IHRoaXM= v1," + signature));
    }

    Api.Answer bitbucket(String event, String body, String delivery) {
        return send(
                "bitbucket",
                body,
                Map.of("X-Event-Key", event, "X-Request-UUID", delivery, "X-Hub-Signature", "sha256=" + hex(body)));
    }

    Api.Answer gitea(String body, String delivery) {
        return send(
                "gitea",
                body,
                Map.of("X-Gitea-Event", "push", "X-Gitea-Delivery", delivery, "X-Gitea-Signature", hex(body)));
    }

    Api.Answer send(String provider, String body, Map<String, String> headers) {
        try {
            return new Api.Answer(CLIENT.send(request(provider, body, headers), HttpResponse.BodyHandlers.ofString()));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String provider, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/webhooks/" + provider + "/" + service))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return request.build();
    }

    private String hex(String body) {
        return HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), body));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

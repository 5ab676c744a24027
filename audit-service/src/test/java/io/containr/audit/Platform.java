package io.containr.audit;

import io.containr.contracts.MessageTypes;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Origin;
import io.containr.testing.TestMessages;
import io.containr.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rest of the platform, as audit-service meets it: services that tell what users did, and users who ask. */
final class Platform implements AutoCloseable {

    static final Instant WHEN = Instant.parse("2026-03-04T05:06:07.123456Z");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final TestMessages messages = new TestMessages();
    private final MessageCodec codec = new MessageCodec();

    /** Tells what a user did; returns the message's id. */
    UUID tell(UserId actor, Object payload, Object key) {
        UUID id = Ids.next();
        tell(id, actor, payload, key);
        return id;
    }

    void tell(UUID id, UserId actor, Object payload, Object key) {
        messages.publishRaw(encoded(id, actor, payload, key));
    }

    /** Tells what the system did by itself. */
    UUID tell(Object payload, Object key) {
        return messages.publish(payload, key);
    }

    void tellRaw(ProducerRecord<String, byte[]> kafkaRecord) {
        messages.publishRaw(kafkaRecord);
    }

    ProducerRecord<String, byte[]> encoded(UUID id, UserId actor, Object payload, Object key) {
        Origin origin = new Origin(Ids.next(), null, actor.toString(), email(actor), "203.0.113.7", "curl/8");
        MessageMeta meta =
                new MessageMeta(id, MessageTypes.of(payload.getClass()), "test", WHEN, key.toString(), origin);
        return codec.encode(meta, codec.write(payload));
    }

    static String email(UserId user) {
        return user + "@example.com";
    }

    /** The entries a user gets. */
    static List<JsonNode> entries(int port, UserId user, String query) {
        HttpResponse<String> answer = get(port, user, "/api/v1/audit-logs" + query);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body()).path("audit_logs").valueStream().toList();
    }

    static JsonNode verify(int port) {
        return JSON.readTree(get(port, new UserId(UUID.randomUUID()), "/api/v1/audit-logs/verify")
                .body());
    }

    static HttpResponse<String> get(int port, UserId user, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + TestTokens.bearer(user, email(user)))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        messages.close();
    }
}

package io.containr.runtime.messaging;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.containr.contracts.MessageType;
import io.containr.contracts.MessageTypes;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Messages to Kafka records and back: CloudEvents 1.0 in Kafka's binary mode, JSON data. */
public final class MessageCodec {

    private static final String PARTITION_KEY = "partitionkey";
    private static final String CORRELATION = "correlationid";
    private static final String CAUSATION = "causationid";
    private static final String ACTOR_ID = "actorid";
    private static final String ACTOR_EMAIL = "actoremail";
    private static final String SOURCE_IP = "sourceip";
    private static final String USER_AGENT = "useragent";

    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The payload as it travels. */
    public byte[] write(Object payload) {
        return json.writeValueAsBytes(payload);
    }

    /** @throws PoisonMessageException if the bytes are not that payload */
    public <T> T read(byte[] data, Class<T> payload) {
        try {
            return Objects.requireNonNull(json.readValue(data, payload), "payload is null");
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            throw new PoisonMessageException("not a " + payload.getSimpleName(), e);
        }
    }

    /** The record that carries these bytes; without data it is a tombstone for its key. */
    public ProducerRecord<String, byte[]> encode(MessageMeta meta, byte @Nullable [] data) {
        if (data == null) {
            return new ProducerRecord<>(meta.type().topic(), meta.key(), null);
        }
        Origin origin = meta.origin();
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(meta.id().toString())
                .withSource(URI.create("/" + meta.source()))
                .withType(meta.type().wireName())
                .withDataSchema(URI.create(meta.type().dataSchema()))
                .withDataContentType("application/json")
                .withTime(meta.time().atOffset(ZoneOffset.UTC))
                .withSubject(meta.key())
                .withExtension(PARTITION_KEY, meta.key())
                .withExtension(CORRELATION, origin.correlationId().toString())
                .withData(data);
        ifPresent(origin.causationId(), id -> event.withExtension(CAUSATION, id.toString()));
        ifPresent(origin.actorId(), id -> event.withExtension(ACTOR_ID, id));
        ifPresent(origin.actorEmail(), email -> event.withExtension(ACTOR_EMAIL, email));
        ifPresent(origin.sourceIp(), ip -> event.withExtension(SOURCE_IP, ip));
        ifPresent(origin.userAgent(), agent -> event.withExtension(USER_AGENT, agent));
        return KafkaMessageFactory.createWriter(meta.type().topic(), meta.key()).writeBinary(event.build());
    }

    /**
     * Reads the envelope of a record.
     *
     * @return empty for a type or version this program does not know
     * @throws PoisonMessageException if it is not a CloudEvent of ours
     */
    public Optional<Received> decode(ConsumerRecord<String, byte[]> kafkaRecord) {
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(kafkaRecord).toEvent();
        } catch (RuntimeException e) {
            throw new PoisonMessageException("not a CloudEvent", e);
        }
        URI schema = event.getDataSchema();
        Optional<MessageType> type = schema == null ? Optional.empty() : MessageTypes.bySchema(schema.toString());
        return type.map(known -> received(event, known, kafkaRecord.key()));
    }

    private static Received received(CloudEvent event, MessageType type, @Nullable String key) {
        if (event.getData() == null) {
            throw new PoisonMessageException("no data in " + type.wireName(), null);
        }
        try {
            String causation = extension(event, CAUSATION);
            String correlation = extension(event, CORRELATION);
            UUID id = UUID.fromString(event.getId());
            Origin origin = new Origin(
                    correlation == null ? id : UUID.fromString(correlation),
                    causation == null ? null : UUID.fromString(causation),
                    extension(event, ACTOR_ID),
                    extension(event, ACTOR_EMAIL),
                    extension(event, SOURCE_IP),
                    extension(event, USER_AGENT));
            Instant time =
                    event.getTime() == null ? Instant.EPOCH : event.getTime().toInstant();
            String source = event.getSource().toString().replaceFirst("^/", "");
            MessageMeta meta = new MessageMeta(id, type, source, time, key == null ? "" : key, origin);
            return new Received(meta, event.getData().toBytes());
        } catch (IllegalArgumentException e) {
            throw new PoisonMessageException("broken envelope of " + type.wireName(), e);
        }
    }

    private static @Nullable String extension(CloudEvent event, String name) {
        Object value = event.getExtension(name);
        return value == null ? null : value.toString();
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> action) {
        if (value != null) {
            action.accept(value);
        }
    }

    /** Envelope and undecoded data of a known message. */
    public record Received(MessageMeta meta, byte[] data) {}
}

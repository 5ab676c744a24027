package io.containr.audit.intake;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message of any type, also of one this version does not know.
 *
 * @param schema what the CloudEvents attribute {@code dataschema} says, empty where there is none
 * @param key what orders it, the id of what it is about
 * @param raw the data as it came
 * @param data the same, read
 */
record Message(
        UUID id,
        String type,
        String schema,
        String topic,
        String key,
        Instant time,
        @Nullable String actorId,
        @Nullable String actorEmail,
        @Nullable String sourceIp,
        @Nullable String userAgent,
        byte[] raw,
        ObjectNode data) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @throws UnreadableMessageException if it is no CloudEvent with a UUID and a JSON object */
    static Message read(ConsumerRecord<String, byte[]> kafkaRecord) {
        try {
            CloudEvent event = KafkaMessageFactory.createReader(kafkaRecord).toEvent();
            if (event.getData() == null) {
                throw new UnreadableMessageException("no data", null);
            }
            byte[] raw = event.getData().toBytes();
            JsonNode data = JSON.readTree(raw);
            if (!(data instanceof ObjectNode object)) {
                throw new UnreadableMessageException("data is no JSON object", null);
            }
            return new Message(
                    UUID.fromString(event.getId()),
                    event.getType(),
                    event.getDataSchema() == null ? "" : event.getDataSchema().toString(),
                    kafkaRecord.topic(),
                    kafkaRecord.key() == null ? "" : kafkaRecord.key(),
                    event.getTime() == null
                            ? Instant.ofEpochMilli(kafkaRecord.timestamp())
                            : event.getTime().toInstant(),
                    extension(event, "actorid"),
                    extension(event, "actoremail"),
                    extension(event, "sourceip"),
                    extension(event, "useragent"),
                    raw,
                    object);
        } catch (UnreadableMessageException e) {
            throw e;
        } catch (JacksonException | IllegalArgumentException | IllegalStateException e) {
            throw new UnreadableMessageException("broken envelope or data", e);
        } catch (CloudEventRWException e) {
            throw new UnreadableMessageException("not a CloudEvent", e);
        }
    }

    private static @Nullable String extension(CloudEvent event, String name) {
        Object value = event.getExtension(name);
        return value == null ? null : value.toString();
    }
}

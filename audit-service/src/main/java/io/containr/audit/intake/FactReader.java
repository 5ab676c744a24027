package io.containr.audit.intake;

import io.containr.audit.log.Fact;
import io.containr.contracts.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes a fact of any message. */
final class FactReader {

    private final Details details = new Details();

    /** @throws UnreadableMessageException if no retry will make it readable */
    Fact read(ConsumerRecord<String, byte[]> kafkaRecord) {
        Message message = Message.read(kafkaRecord);
        Subject subject = Subject.of(message);
        return new Fact(
                message.id(),
                message.type(),
                message.time(),
                user(message, message.actorId(), "user"),
                user(message, message.actorEmail(), "email"),
                subject.resource(),
                subject.id(),
                subject.action(),
                subject.project(),
                message.topic().equals(Topics.PROJECT_EVENTS) ? subject.projectOwner() : null,
                details.of(message),
                message.sourceIp(),
                message.userAgent());
    }

    /** Who registers or logs in has no token yet, and is the one it is about. */
    private static @Nullable String user(Message message, @Nullable String actor, String field) {
        if (actor != null || !message.topic().equals(Topics.IDENTITY_EVENTS)) {
            return actor;
        }
        JsonNode named = message.data().path(field);
        return named.isString() ? named.asString() : null;
    }
}

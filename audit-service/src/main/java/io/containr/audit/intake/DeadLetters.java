package io.containr.audit.intake;

import io.containr.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where messages go that cannot become entries: kept with the reason, and out of the way. */
final class DeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final Producer<String, byte[]> producer;
    private final String topic;

    DeadLetters(Producer<String, byte[]> producer, String consumer) {
        this.producer = producer;
        this.topic = Topics.deadLetters(consumer);
    }

    /** @throws IllegalStateException if the broker does not take it; the message is then delivered again */
    void bury(ConsumerRecord<String, byte[]> kafkaRecord, Exception reason) {
        log.error(
                "Message {}-{}@{} goes to {}",
                kafkaRecord.topic(),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                topic,
                reason);
        ProducerRecord<String, byte[]> dead =
                new ProducerRecord<>(topic, null, kafkaRecord.key(), kafkaRecord.value(), kafkaRecord.headers());
        header(dead.headers(), "containr_dead_reason", reason.getClass().getName() + ": " + reason.getMessage());
        header(dead.headers(), "containr_dead_topic", kafkaRecord.topic());
        header(dead.headers(), "containr_dead_partition", Integer.toString(kafkaRecord.partition()));
        header(dead.headers(), "containr_dead_offset", Long.toString(kafkaRecord.offset()));
        try {
            producer.send(dead).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while burying a message", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("dead-letter topic does not take the message", e.getCause());
        }
    }

    private static void header(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}

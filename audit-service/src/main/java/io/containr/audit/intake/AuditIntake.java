package io.containr.audit.intake;

import io.containr.audit.log.AuditLog;
import io.containr.audit.log.Fact;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Turns what a poll brought into entries, in one transaction. A message that cannot become one is buried and does not keep
 * the others; anything else that fails is thrown, so that the whole is delivered again until it works: nothing is lost, and
 * what is there already is left out by its id.
 */
final class AuditIntake implements BatchMessageListener<String, byte[]> {

    private final AuditLog audit;
    private final FactReader reader;
    private final DeadLetters deadLetters;
    private final MeterRegistry metrics;

    AuditIntake(AuditLog audit, FactReader reader, DeadLetters deadLetters, MeterRegistry metrics) {
        this.audit = audit;
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte[]>> records) {
        Map<ConsumerRecord<String, byte[]>, Fact> facts = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> kafkaRecord : records) {
            if (kafkaRecord.value() == null) {
                continue;
            }
            try {
                facts.put(kafkaRecord, reader.read(kafkaRecord));
            } catch (UnreadableMessageException e) {
                bury(kafkaRecord, e);
            }
        }
        try {
            append(List.copyOf(facts.values()));
        } catch (DataIntegrityViolationException e) {
            facts.forEach(this::appendAlone);
        }
    }

    private void appendAlone(ConsumerRecord<String, byte[]> kafkaRecord, Fact fact) {
        try {
            append(List.of(fact));
        } catch (DataIntegrityViolationException e) {
            bury(kafkaRecord, e);
        }
    }

    private void append(List<Fact> facts) {
        int added = audit.append(facts);
        count("handled", added);
        count("duplicate", facts.size() - added);
    }

    private void bury(ConsumerRecord<String, byte[]> kafkaRecord, Exception reason) {
        deadLetters.bury(kafkaRecord, reason);
        count("buried", 1);
    }

    private void count(String outcome, int messages) {
        metrics.counter("containr.messages.received", "consumer", IntakeConfiguration.CONSUMER, "outcome", outcome)
                .increment(messages);
    }
}

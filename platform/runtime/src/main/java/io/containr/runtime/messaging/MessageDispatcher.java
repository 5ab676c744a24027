package io.containr.runtime.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.transaction.support.TransactionOperations;

/** Hands each record of a subscription to its handlers, once, in a transaction and with the origin the message carries. */
final class MessageDispatcher implements MessageListener<String, byte[]> {

    private final MessageSubscription subscription;
    private final MessageCodec codec;
    private final TransactionOperations transaction;
    private final Optional<Inbox> inbox;
    private final MeterRegistry metrics;

    MessageDispatcher(
            MessageSubscription subscription,
            MessageCodec codec,
            TransactionOperations transaction,
            Optional<Inbox> inbox,
            MeterRegistry metrics) {
        this.subscription = subscription;
        this.codec = codec;
        this.transaction = transaction;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    @Override
    public void onMessage(ConsumerRecord<String, byte[]> kafkaRecord) {
        Optional<MessageCodec.Received> received = codec.decode(kafkaRecord);
        if (received.isEmpty()) {
            count("unknown");
            return;
        }
        MessageMeta meta = received.get().meta();
        List<BiConsumer<Object, MessageMeta>> handlers =
                subscription.handlers().get(meta.type().payload());
        if (handlers == null) {
            return;
        }
        Object payload = codec.read(received.get().data(), meta.type().payload());
        Origins.run(
                meta.origin().causedBy(meta.id()),
                () -> transaction.executeWithoutResult(status -> {
                    if (inbox.isPresent() && !inbox.get().firstTime(subscription.name(), meta.id())) {
                        count("duplicate");
                        return;
                    }
                    handlers.forEach(handler -> handler.accept(payload, meta));
                    count("handled");
                }));
    }

    private void count(String outcome) {
        metrics.counter("containr.messages.received", "consumer", subscription.name(), "outcome", outcome)
                .increment();
    }
}

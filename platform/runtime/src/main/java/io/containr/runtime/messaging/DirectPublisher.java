package io.containr.runtime.messaging;

import io.containr.contracts.MessageTypes;
import io.containr.runtime.Ids;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;

/** Sends without an outbox: for what is no change of state, such as log lines and signs of life. */
public final class DirectPublisher {

    private final Producer<String, byte[]> producer;
    private final MessageCodec codec;
    private final Clock clock;
    private final String source;

    DirectPublisher(Producer<String, byte[]> producer, MessageCodec codec, Clock clock, String source) {
        this.producer = producer;
        this.codec = codec;
        this.clock = clock;
        this.source = source;
    }

    /** Completes when the broker acknowledged, or exceptionally when it will not. */
    public CompletableFuture<Void> publish(Object payload, Object key) {
        MessageMeta meta = new MessageMeta(
                Ids.next(),
                MessageTypes.of(payload.getClass()),
                source,
                clock.instant(),
                key.toString(),
                Origins.current());
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        producer.send(codec.encode(meta, codec.write(payload)), (metadata, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }
}

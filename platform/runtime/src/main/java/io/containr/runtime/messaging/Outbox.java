package io.containr.runtime.messaging;

import io.containr.contracts.MessageType;
import io.containr.contracts.MessageTypes;
import io.containr.runtime.Ids;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Messages leave with the transaction that makes them true: a row beside the change, sent after the commit, at least once.
 * Messages of one key are sent in the order of their rows; a change to an aggregate must therefore hold its row lock
 * before it appends.
 */
public class Outbox {

    private final JdbcClient jdbc;
    private final MessageCodec codec;
    private final Clock clock;
    private final OutboxSignal signal;

    Outbox(JdbcClient jdbc, MessageCodec codec, Clock clock, OutboxSignal signal) {
        this.jdbc = jdbc;
        this.codec = codec;
        this.clock = clock;
        this.signal = signal;
    }

    /**
     * Appends a message to the current transaction, with the origin of the current thread.
     *
     * @return the message's id
     * @throws IllegalArgumentException if the payload is no message
     * @throws org.springframework.transaction.IllegalTransactionStateException outside a transaction
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public UUID append(Object payload, Object key) {
        return insert(MessageTypes.of(payload.getClass()), key.toString(), codec.write(payload));
    }

    /** Appends a tombstone, which takes the key out of a compacted topic. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void appendTombstone(Class<?> payload, Object key) {
        insert(MessageTypes.of(payload), key.toString(), null);
    }

    private UUID insert(MessageType type, String key, byte @Nullable [] data) {
        UUID id = Ids.next();
        Origin origin = Origins.current();
        jdbc.sql("""
                insert into outbox (id, data_schema, message_key, data, created_at, correlation_id, causation_id,
                                    actor_id, actor_email, source_ip, user_agent)
                values (:id, :schema, :key, :data, :now, :correlation, :causation, :actor, :email, :ip, :agent)""")
                .param("id", id)
                .param("schema", type.dataSchema())
                .param("key", key)
                .param("data", data == null ? null : new String(data, StandardCharsets.UTF_8))
                .param("now", Timestamp.from(clock.instant()))
                .param("correlation", origin.correlationId())
                .param("causation", origin.causationId())
                .param("actor", origin.actorId())
                .param("email", origin.actorEmail())
                .param("ip", origin.sourceIp())
                .param("agent", origin.userAgent())
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise();
            }
        });
        return id;
    }
}

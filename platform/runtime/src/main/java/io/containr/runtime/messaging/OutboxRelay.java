package io.containr.runtime.messaging;

import io.containr.contracts.MessageType;
import io.containr.contracts.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what the outbox holds, one batch per transaction under an advisory lock, so that of several copies of a service
 * one sends at a time and another takes over at once. Rows go after the broker acknowledged them; a crash in between
 * sends them twice, which the inbox of the receiver drops.
 */
final class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final long LOCK = 0x636f6e7461696e72L;
    private static final int BATCH = 500;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Producer<String, byte[]> producer;
    private final MessageCodec codec;
    private final OutboxSignal signal;
    private final String source;
    private volatile @Nullable Thread thread;

    OutboxRelay(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Producer<String, byte[]> producer,
            MessageCodec codec,
            OutboxSignal signal,
            String source) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.producer = producer;
        this.codec = codec;
        this.signal = signal;
        this.source = source;
    }

    @Override
    public void start() {
        Thread relay = Thread.ofPlatform().name(source + "-outbox").unstarted(this::loop);
        thread = relay;
        relay.start();
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void loop() {
        boolean failing = false;
        while (thread != null) {
            try {
                if (failing) {
                    Thread.sleep(PAUSE_AFTER_FAILURE);
                }
                Integer sent = transaction.execute(status -> sendBatch());
                failing = false;
                if (sent == null || sent < BATCH) {
                    signal.await(POLL);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                // An error too: without this thread no message would leave any more, and nothing would show it.
                if (thread == null) {
                    return;
                }
                if (!failing) {
                    log.warn("Outbox cannot be sent, trying again until it can", e);
                }
                failing = true;
            }
        }
    }

    private int sendBatch() {
        boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single();
        if (!mine) {
            return 0;
        }
        List<Row> rows = jdbc.sql("select * from outbox order by seq limit :batch")
                .param("batch", BATCH)
                .query(this::row)
                .list();
        if (rows.isEmpty()) {
            return 0;
        }
        List<Future<RecordMetadata>> acks = new ArrayList<>(rows.size());
        for (Row row : rows) {
            acks.add(producer.send(codec.encode(row.meta(), row.data())));
        }
        List<Long> done = acknowledgedPrefix(rows, acks);
        jdbc.sql("delete from outbox where seq in (:done)").param("done", done).update();
        return rows.size();
    }

    private static List<Long> acknowledgedPrefix(List<Row> rows, List<Future<RecordMetadata>> acks) {
        List<Long> done = new ArrayList<>(rows.size());
        try {
            for (int i = 0; i < rows.size(); i++) {
                acks.get(i).get();
                done.add(rows.get(i).seq());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (done.isEmpty()) {
                throw new IllegalStateException("broker did not acknowledge", e.getCause());
            }
        }
        if (done.isEmpty()) {
            throw new IllegalStateException("interrupted before the first acknowledgement");
        }
        return done;
    }

    private Row row(ResultSet rs, int index) throws SQLException {
        String schema = rs.getString("data_schema");
        MessageType type = MessageTypes.bySchema(schema)
                .orElseThrow(() -> new IllegalStateException("outbox holds an unknown message: " + schema));
        Origin origin = new Origin(
                rs.getObject("correlation_id", UUID.class),
                rs.getObject("causation_id", UUID.class),
                rs.getString("actor_id"),
                rs.getString("actor_email"),
                rs.getString("source_ip"),
                rs.getString("user_agent"));
        MessageMeta meta = new MessageMeta(
                rs.getObject("id", UUID.class),
                type,
                source,
                rs.getTimestamp("created_at").toInstant(),
                rs.getString("message_key"),
                origin);
        String data = rs.getString("data");
        return new Row(rs.getLong("seq"), meta, data == null ? null : data.getBytes(StandardCharsets.UTF_8));
    }

    private record Row(long seq, MessageMeta meta, byte @Nullable [] data) {}
}

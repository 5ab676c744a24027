package io.containr.runtime.messaging;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Remembers which message took effect, in the transaction of the effect, so that a second delivery has none. */
public class Inbox {

    /** Longer than any topic keeps a message. */
    private static final Duration KEPT = Duration.ofDays(31);

    private final JdbcClient jdbc;
    private final Clock clock;

    Inbox(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** True exactly once per consumer and message whose transaction commits. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean firstTime(String consumer, UUID messageId) {
        return jdbc.sql("""
                insert into inbox (consumer, message_id, received_at) values (:consumer, :id, :now)
                on conflict do nothing""")
                        .param("consumer", consumer)
                        .param("id", messageId)
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** Forgets what no topic can deliver again. */
    @Transactional
    public int prune() {
        return jdbc.sql("delete from inbox where received_at < :before")
                .param("before", Timestamp.from(clock.instant().minus(KEPT)))
                .update();
    }
}

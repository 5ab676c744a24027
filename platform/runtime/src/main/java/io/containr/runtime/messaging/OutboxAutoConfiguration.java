package io.containr.runtime.messaging;

import io.containr.runtime.RuntimeAutoConfiguration;
import io.containr.runtime.ServiceName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Outbox and inbox, where the service has a database. */
@AutoConfiguration(
        after = {
            RuntimeAutoConfiguration.class,
            JdbcClientAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class
        })
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnBean(JdbcClient.class)
public class OutboxAutoConfiguration {

    @Bean
    OutboxSignal outboxSignal() {
        return new OutboxSignal();
    }

    @Bean
    Outbox outbox(JdbcClient jdbc, MessageCodec codec, Clock clock, OutboxSignal signal) {
        return new Outbox(jdbc, codec, clock, signal);
    }

    @Bean
    Inbox inbox(JdbcClient jdbc, Clock clock) {
        return new Inbox(jdbc, clock);
    }

    @Bean
    InboxPruning inboxPruning(
            Inbox inbox, ServiceName name, @Value("${containr.inbox.prune-every:1h}") Duration every) {
        return new InboxPruning(inbox, every, name.value());
    }

    @Bean
    OutboxRelay outboxRelay(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Producer<String, byte[]> producer,
            MessageCodec codec,
            OutboxSignal signal,
            ServiceName name,
            MeterRegistry metrics) {
        Gauge.builder(
                        "containr.outbox.pending",
                        jdbc,
                        db -> db.sql("select count(*) from outbox")
                                .query(Long.class)
                                .single())
                .description("Messages committed and not yet acknowledged by the broker")
                .register(metrics);
        return new OutboxRelay(jdbc, new TransactionTemplate(transactions), producer, codec, signal, name.value());
    }
}

package io.containr.runtime.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while a broker answers. Requests go on without it: their messages wait in the outbox. */
final class KafkaHealthIndicator extends AbstractHealthIndicator implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Admin admin;

    KafkaHealthIndicator(Map<String, Object> properties) {
        super("Kafka does not answer");
        this.admin = Admin.create(properties);
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        int brokers = admin.describeCluster()
                .nodes()
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .size();
        builder.up().withDetail("brokers", brokers);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

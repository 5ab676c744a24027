package io.containr.gateway.route;

import io.containr.gateway.GatewaySettings;
import io.containr.runtime.messaging.DirectPublisher;
import io.containr.runtime.messaging.MessageCodec;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

    @Bean
    GatewayId gatewayId(GatewaySettings settings) throws IOException {
        Files.createDirectories(settings.directory());
        return GatewayId.of(settings.id(), settings.directory());
    }

    /** Filled from disk before the first request can come. */
    @Bean
    RouteTable routeTable(RouteFile file, MeterRegistry metrics) {
        RouteTable table = new RouteTable();
        file.load().ifPresent(table::restore);
        Gauge.builder("containr.gateway.routes", table, RouteTable::size)
                .description("Hosts of applications with a route in force")
                .register(metrics);
        Gauge.builder("containr.gateway.application.requests.in.flight", table, RouteTable::inFlight)
                .description("Requests under way to applications")
                .register(metrics);
        return table;
    }

    @Bean
    RouteFile routeFile(GatewaySettings settings, MessageCodec codec) throws IOException {
        Files.createDirectories(settings.directory());
        return new RouteFile(settings.directory(), codec);
    }

    @Bean
    RouteKeeper routeKeeper(RouteTable table, RouteFile file, GatewaySettings settings) {
        return new RouteKeeper(table, file, settings.routes().saveAfter());
    }

    @Bean
    RouteReports routeReports(DirectPublisher publisher, RouteTable table, GatewayId id, Clock clock) {
        return new RouteReports(publisher, table, id, clock);
    }

    @Bean
    RouteFeed routeFeed(
            KafkaProperties kafka,
            MessageCodec codec,
            RouteTable table,
            RouteKeeper keeper,
            RouteReports reports,
            GatewaySettings settings) {
        Map<String, Object> consumer = new HashMap<>(kafka.buildConsumerProperties());
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // The broker answers a waiting fetch as soon as there is one byte.
        consumer.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        consumer.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        consumer.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
        consumer.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5000);
        return new RouteFeed(
                () -> new KafkaConsumer<>(consumer, new StringDeserializer(), new ByteArrayDeserializer()),
                codec,
                table,
                keeper,
                reports,
                settings.routes().aliveEvery(),
                settings.routes().delay());
    }

    /** Ready as soon as any routes are known, be they from disk. */
    @Bean
    HealthIndicator routesHealthIndicator(RouteTable table, RouteFeed feed) {
        return () -> (table.isKnown() ? Health.up() : Health.outOfService())
                .withDetail("hosts", table.size())
                .withDetail("current", feed.isCurrent())
                .build();
    }
}

package io.containr.audit.intake;

import io.containr.audit.AuditSettings;
import io.containr.audit.log.AuditLog;
import io.containr.contracts.Topics;
import io.containr.runtime.messaging.TopicLayout;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The consumer of every audited topic. Not a subscription of the runtime: that one hands over known types only, and one
 * message per transaction.
 */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    /** Names the consumer group and its dead-letter topic. */
    static final String CONSUMER = "audit-service/main";

    @Bean
    @ConditionalOnProperty(name = "containr.topics.create", matchIfMissing = true)
    KafkaAdmin.NewTopics auditDeadLetters(TopicLayout layout) {
        String dead = Topics.deadLetters(CONSUMER);
        return new KafkaAdmin.NewTopics(layout.topics(List.of(CONSUMER)).stream()
                .filter(topic -> topic.name().equals(dead))
                .toArray(NewTopic[]::new));
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte[]> auditConsumer(
            KafkaProperties kafka,
            Producer<String, byte[]> producer,
            AuditLog audit,
            AuditSettings settings,
            MeterRegistry metrics) {
        Map<String, Object> consumer = new HashMap<>(kafka.buildConsumerProperties());
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, CONSUMER);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batch());
        ContainerProperties properties = new ContainerProperties(Topics.AUDITED.toArray(String[]::new));
        properties.setMissingTopicsFatal(false);
        properties.setMessageListener(
                new AuditIntake(audit, new FactReader(), new DeadLetters(producer, CONSUMER), metrics));
        ConcurrentMessageListenerContainer<String, byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(consumer, new StringDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setCommonErrorHandler(untilItWorks());
        return container;
    }

    private static DefaultErrorHandler untilItWorks() {
        ExponentialBackOff pause = new ExponentialBackOff(200, 2.0);
        pause.setMaxInterval(5_000);
        pause.setMaxAttempts(Long.MAX_VALUE);
        return new DefaultErrorHandler(pause);
    }
}

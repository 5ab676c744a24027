package io.containr.runtime.messaging;

import io.containr.runtime.RuntimeAutoConfiguration;
import io.containr.runtime.ServiceName;
import io.containr.runtime.rows.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** The broker side: codec, producer, topics, and a consumer per {@link MessageSubscription}. */
@AutoConfiguration(
        after = {KafkaAutoConfiguration.class, RuntimeAutoConfiguration.class, OutboxAutoConfiguration.class})
public class MessagingAutoConfiguration {

    @Bean
    MessageCodec messageCodec() {
        return new MessageCodec();
    }

    @Bean
    Json json(MessageCodec codec) {
        return new Json(codec);
    }

    @Bean(destroyMethod = "close")
    Producer<String, byte[]> messageProducer(KafkaProperties kafka) {
        return new KafkaProducer<>(kafka.buildProducerProperties(), new StringSerializer(), new ByteArraySerializer());
    }

    @Bean
    DirectPublisher directPublisher(
            Producer<String, byte[]> producer, MessageCodec codec, Clock clock, ServiceName name) {
        return new DirectPublisher(producer, codec, clock, name.value());
    }

    @Bean
    TopicLayout topicLayout(
            @Value("${containr.topics.partitions:3}") int partitions,
            @Value("${containr.topics.replicas:1}") short replicas) {
        return new TopicLayout(partitions, replicas);
    }

    @Bean
    @ConditionalOnProperty(name = "containr.topics.create", matchIfMissing = true)
    KafkaAdmin.NewTopics containrTopics(TopicLayout layout, List<MessageSubscription> subscriptions) {
        List<String> consumers =
                subscriptions.stream().map(MessageSubscription::name).toList();
        return new KafkaAdmin.NewTopics(
                layout.topics(consumers).toArray(org.apache.kafka.clients.admin.NewTopic[]::new));
    }

    @Bean(destroyMethod = "close")
    KafkaHealthIndicator kafkaHealthIndicator(KafkaProperties kafka) {
        return new KafkaHealthIndicator(kafka.buildAdminProperties());
    }

    @Bean
    SubscriptionContainers subscriptionContainers(
            List<MessageSubscription> subscriptions,
            KafkaProperties kafka,
            Producer<String, byte[]> producer,
            MessageCodec codec,
            ObjectProvider<PlatformTransactionManager> transactions,
            Optional<Inbox> inbox,
            MeterRegistry metrics) {
        PlatformTransactionManager manager = transactions.getIfAvailable();
        return new SubscriptionContainers(
                subscriptions,
                kafka.buildConsumerProperties(),
                producer,
                codec,
                manager == null ? TransactionOperations.withoutTransaction() : new TransactionTemplate(manager),
                inbox,
                metrics);
    }
}

package io.containr.runtime.messaging;

import io.containr.contracts.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Runs one consumer per subscription. A handler that throws is tried again a few times, then the message goes to the
 * dead-letter topic with its reason and the partition moves on; while the database is away it waits instead.
 */
final class SubscriptionContainers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionContainers.class);

    private final List<ConcurrentMessageListenerContainer<String, byte[]>> containers;
    private volatile boolean running;

    SubscriptionContainers(
            List<MessageSubscription> subscriptions,
            Map<String, Object> consumerSettings,
            Producer<String, byte[]> deadLetters,
            MessageCodec codec,
            TransactionOperations transaction,
            Optional<Inbox> inbox,
            MeterRegistry metrics) {
        this.containers = subscriptions.stream()
                .map(subscription -> container(
                        subscription,
                        consumerSettings,
                        deadLetters,
                        new MessageDispatcher(subscription, codec, transaction, inbox, metrics)))
                .toList();
    }

    private static ConcurrentMessageListenerContainer<String, byte[]> container(
            MessageSubscription subscription,
            Map<String, Object> consumerSettings,
            Producer<String, byte[]> deadLetters,
            MessageDispatcher dispatcher) {
        Map<String, Object> settings = new HashMap<>(consumerSettings);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, subscription.name());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        ContainerProperties properties =
                new ContainerProperties(subscription.topics().toArray(String[]::new));
        properties.setMessageListener(dispatcher);
        properties.setMissingTopicsFatal(false);
        ConcurrentMessageListenerContainer<String, byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(settings, new StringDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setBeanName(subscription.name());
        container.setCommonErrorHandler(errorHandler(subscription, deadLetters));
        return container;
    }

    private static DefaultErrorHandler errorHandler(
            MessageSubscription subscription, Producer<String, byte[]> deadLetters) {
        DefaultErrorHandler handler = new DefaultErrorHandler(bury(subscription, deadLetters), backOff(5));
        handler.addNotRetryableExceptions(PoisonMessageException.class);
        handler.setBackOffFunction((kafkaRecord, failure) -> isPassing(failure) ? backOff(Long.MAX_VALUE) : null);
        return handler;
    }

    private static BackOff backOff(long attempts) {
        ExponentialBackOff backOff = new ExponentialBackOff(200, 2.0);
        backOff.setMaxInterval(5_000);
        backOff.setMaxAttempts(attempts);
        return backOff;
    }

    private static boolean isPassing(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException) {
                return true;
            }
        }
        return false;
    }

    private static ConsumerRecordRecoverer bury(
            MessageSubscription subscription, Producer<String, byte[]> deadLetters) {
        String topic = Topics.deadLetters(subscription.name());
        return (kafkaRecord, failure) -> {
            Throwable reason = failure.getCause() == null ? failure : failure.getCause();
            log.error(
                    "Message {}-{}@{} goes to {}",
                    kafkaRecord.topic(),
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    topic,
                    reason);
            ProducerRecord<String, byte[]> dead = new ProducerRecord<>(
                    topic, null, (String) kafkaRecord.key(), (byte[]) kafkaRecord.value(), kafkaRecord.headers());
            Headers headers = dead.headers();
            header(headers, "containr_dead_reason", reason.getClass().getName() + ": " + reason.getMessage());
            header(headers, "containr_dead_topic", kafkaRecord.topic());
            header(headers, "containr_dead_partition", Integer.toString(kafkaRecord.partition()));
            header(headers, "containr_dead_offset", Long.toString(kafkaRecord.offset()));
            try {
                deadLetters.send(dead).get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while burying a message", e);
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException("dead-letter topic does not take the message", e.getCause());
            }
        };
    }

    private static void header(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void start() {
        containers.forEach(ConcurrentMessageListenerContainer::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        containers.parallelStream().forEach(ConcurrentMessageListenerContainer::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

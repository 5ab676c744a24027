package io.containr.testing;

import io.containr.contracts.MessageTypes;
import io.containr.contracts.Topics;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Origin;
import io.containr.runtime.messaging.PoisonMessageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Plays the other services: sends their messages and sees everything that is sent from the moment it was made. */
public final class TestMessages implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CATCH_UP = Duration.ofSeconds(90);

    /** The Kafka that has all topics. */
    private static @Nullable String created;

    private final MessageCodec codec = new MessageCodec();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile boolean open = true;

    public TestMessages() {
        String servers = TestInfrastructure.kafka();
        createTopics(servers);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : Topics.ALL) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reader = Thread.ofPlatform().daemon().name("test-messages").start(this::read);
    }

    /** Once: nobody takes them away. */
    private static synchronized void createTopics(String servers) {
        if (servers.equals(created)) {
            return;
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            Set<String> missing = new HashSet<>(Topics.ALL);
            missing.removeAll(admin.listTopics().names().get());
            for (String topic : missing) {
                NewTopic wanted = new NewTopic(topic, topic.equals(Topics.ROUTES) ? 1 : 3, (short) 1);
                if (topic.equals(Topics.ROUTES)) {
                    wanted.configs(Map.of("cleanup.policy", "compact"));
                }
                create(admin, wanted);
            }
            // A topic is there before its partitions have leaders, and until then some of them are not listed.
            Awaitility.await("leaders of all partitions")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> admin.describeTopics(Topics.ALL).allTopicNames().get().values().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.leader() != null
                                    && !partition.leader().isEmpty()));
            created = servers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("no topics for tests", e);
        }
    }

    private static void create(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /**
     * Lets a subscription that never read anything begin with what comes from now on, and not with what the tests of other
     * services left: commands that it would have to carry out first. To be called before its service starts.
     */
    public static void skipHistory(String subscription) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestInfrastructure.kafka()))) {
            boolean began = !admin.listConsumerGroupOffsets(subscription)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty();
            Set<String> topics = new HashSet<>(Topics.ALL);
            topics.retainAll(admin.listTopics().names().get());
            if (began || topics.isEmpty()) {
                return;
            }
            Set<TopicPartition> partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toSet());
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            offsets(admin, partitions, OffsetSpec.latest())
                    .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
            admin.alterConsumerGroupOffsets(subscription, ends).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the history of " + subscription + " cannot be skipped", e);
        }
    }

    /**
     * Waits until a subscription has read everything that lies in its topics by now. A test's first message would otherwise
     * wait for all that the tests of other services left there.
     */
    public void awaitCaughtUp(String subscription) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestInfrastructure.kafka()))) {
            Awaitility.await(subscription + " has caught up")
                    .atMost(CATCH_UP)
                    .ignoreExceptions()
                    .until(() -> lag(admin, subscription) == 0);
        }
    }

    private static long lag(Admin admin, String group) throws InterruptedException, ExecutionException {
        Set<TopicPartition> assigned = new HashSet<>();
        admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(described -> described.members().stream())
                .forEach(member -> assigned.addAll(member.assignment().topicPartitions()));
        if (assigned.isEmpty()) {
            return Long.MAX_VALUE;
        }
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, Long> ends = offsets(admin, assigned, OffsetSpec.latest());
        Map<TopicPartition, Long> beginnings = offsets(admin, assigned, OffsetSpec.earliest());
        return assigned.stream()
                .mapToLong(partition -> {
                    OffsetAndMetadata at = read.get(partition);
                    long position = at == null ? beginnings.getOrDefault(partition, 0L) : at.offset();
                    return ends.getOrDefault(partition, Long.MAX_VALUE) - position;
                })
                .sum();
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, Set<TopicPartition> partitions, OffsetSpec which)
            throws InterruptedException, ExecutionException {
        return admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), any -> which)))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    /** Sends a message as another service would; returns its id after the broker has it. */
    public UUID publish(Object payload, Object key) {
        UUID id = Ids.next();
        publish(id, payload, key);
        return id;
    }

    /** Sends it under an id of the caller's choice, for duplicates. */
    public void publish(UUID id, Object payload, Object key) {
        MessageMeta meta = new MessageMeta(
                id,
                MessageTypes.of(payload.getClass()),
                "test",
                Instant.now(),
                key.toString(),
                Origin.system(Ids.next()));
        publishRaw(codec.encode(meta, codec.write(payload)));
    }

    /** Sends any bytes, for poison. */
    public void publishRaw(ProducerRecord<String, byte[]> kafkaRecord) {
        try {
            producer.send(kafkaRecord).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish", e);
        }
    }

    /** The first message of that type that fits, waiting for it. */
    public <T> T await(Class<T> payload, Predicate<T> fits) {
        return Awaitility.await("a " + payload.getSimpleName())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> find(payload, fits), Optional::isPresent)
                .orElseThrow();
    }

    /** The envelope of the first message of that type that fits, waiting for it. */
    public <T> MessageMeta awaitMeta(Class<T> payload, Predicate<T> fits) {
        T wanted = await(payload, fits);
        return seen.stream()
                .filter(message -> wanted.equals(message.payload()))
                .map(Seen::meta)
                .findFirst()
                .orElseThrow();
    }

    /** All messages of that type seen so far, in the order they came. */
    public <T> List<T> all(Class<T> payload) {
        return seen.stream()
                .map(Seen::payload)
                .filter(payload::isInstance)
                .map(payload::cast)
                .toList();
    }

    /** Keys of tombstones seen so far on a topic. */
    public List<String> tombstones(String topic) {
        return seen.stream()
                .filter(message -> message.payload() == null && message.topic().equals(topic))
                .map(Seen::key)
                .toList();
    }

    private <T> Optional<T> find(Class<T> payload, Predicate<T> fits) {
        return all(payload).stream().filter(fits).findFirst();
    }

    private void read() {
        try {
            while (open) {
                for (ConsumerRecord<String, byte[]> kafkaRecord : consumer.poll(Duration.ofMillis(200))) {
                    remember(kafkaRecord);
                }
            }
        } catch (WakeupException e) {
            if (open) {
                throw e;
            }
        } finally {
            // Nobody waits for the answer to a fetch that is under way: it takes half a second where nothing is sent.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private void remember(ConsumerRecord<String, byte[]> kafkaRecord) {
        if (kafkaRecord.value() == null) {
            seen.add(new Seen(kafkaRecord.topic(), kafkaRecord.key(), null, null));
            return;
        }
        try {
            codec.decode(kafkaRecord).ifPresent(received -> {
                Object payload =
                        codec.read(received.data(), received.meta().type().payload());
                seen.add(new Seen(kafkaRecord.topic(), kafkaRecord.key(), received.meta(), payload));
            });
        } catch (PoisonMessageException e) {
            // A test sent it for others to stumble over.
        }
    }

    @Override
    public void close() {
        open = false;
        consumer.wakeup();
        producer.close();
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Seen(
            String topic,
            String key,
            @Nullable MessageMeta meta,
            @Nullable Object payload) {}
}

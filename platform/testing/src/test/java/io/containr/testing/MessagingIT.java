package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.Topics;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Outbox;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(
        properties = {"spring.config.name=probe-service", "containr.inbox.prune-every=200ms"},
        classes = ProbeService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestEnvironment.class)
class MessagingIT {

    private static TestMessages messages;

    @Autowired
    private Outbox outbox;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private ProbeService probe;

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void hangUp() {
        messages.close();
    }

    @Test
    void messageLeavesWithTheCommitInOrderOfItsKey() {
        ProjectId project = new ProjectId(Ids.next());
        UserId owner = new UserId(UUID.randomUUID());
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "name " + i).toList();
        for (String name : names) {
            transaction.executeWithoutResult(
                    status -> outbox.append(new ProjectUpdated(project, owner, name), project));
        }

        messages.await(
                ProjectUpdated.class,
                event -> event.project().equals(project) && event.name().equals("name 49"));

        assertThat(messages.all(ProjectUpdated.class).stream()
                        .filter(event -> event.project().equals(project))
                        .map(ProjectUpdated::name))
                .isEqualTo(names);
        await().untilAsserted(() -> assertThat(pending()).isZero());
    }

    @Test
    void messageOfATransactionThatRollsBackNeverLeaves() {
        ProjectId project = new ProjectId(Ids.next());
        UserId owner = new UserId(UUID.randomUUID());
        transaction.executeWithoutResult(status -> {
            outbox.append(new ProjectUpdated(project, owner, "never"), project);
            status.setRollbackOnly();
        });
        transaction.executeWithoutResult(status -> outbox.append(new ProjectUpdated(project, owner, "after"), project));

        messages.await(
                ProjectUpdated.class,
                event -> event.project().equals(project) && event.name().equals("after"));

        assertThat(messages.all(ProjectUpdated.class))
                .noneMatch(event -> event.name().equals("never"));
    }

    @Test
    void messageLeavesAfterAnErrorAsAfterAnyOtherFailure() {
        ProjectId project = new ProjectId(Ids.next());
        ProbeService.FAIL_NEXT_SEND.set(true);
        transaction.executeWithoutResult(status ->
                outbox.append(new ProjectUpdated(project, new UserId(UUID.randomUUID()), "despite"), project));

        messages.await(
                ProjectUpdated.class,
                event -> event.project().equals(project) && event.name().equals("despite"));

        assertThat(ProbeService.FAIL_NEXT_SEND).isFalse();
    }

    @Test
    void inboxForgetsWhatNoTopicCanDeliverAgain() {
        UUID old = remember(Duration.ofDays(32));
        UUID recent = remember(Duration.ofDays(29));

        await().until(() -> !isRemembered(old));
        assertThat(isRemembered(recent)).isTrue();
    }

    private UUID remember(Duration ago) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into inbox (consumer, message_id, received_at) values ('probe', :id, :at)")
                .param("id", id)
                .param("at", Timestamp.from(Instant.now().minus(ago)))
                .update();
        return id;
    }

    private boolean isRemembered(UUID id) {
        return jdbc.sql("select count(*) from inbox where message_id = :id")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                == 1;
    }

    @Test
    void messageDeliveredTwiceTakesEffectOnceAndCarriesItsCause() {
        ProjectId project = new ProjectId(Ids.next());
        ProjectCreated event = new ProjectCreated(project, new UserId(UUID.randomUUID()), "twice");
        UUID id = messages.publish(event, project);
        messages.publish(id, event, project);
        messages.publish(new ProjectCreated(project, event.owner(), "last"), project);

        messages.await(
                ProjectUpdated.class,
                e -> e.project().equals(project) && e.name().equals("seen last"));

        assertThat(probe.handled.stream().filter(event::equals)).hasSize(1);
        MessageMeta effect = messages.awaitMeta(
                ProjectUpdated.class,
                e -> e.project().equals(project) && e.name().equals("seen twice"));
        assertThat(effect.origin().causationId()).isEqualTo(id);
        assertThat(effect.source()).isEqualTo("probe-service");
    }

    @Test
    void poisonGoesToTheDeadLetterTopicAndDoesNotBlockItsPartition() {
        ProjectId project = new ProjectId(Ids.next());
        UserId owner = new UserId(UUID.randomUUID());
        messages.publishRaw(new ProducerRecord<>(
                Topics.PROJECT_EVENTS, project.toString(), "garbage".getBytes(StandardCharsets.UTF_8)));
        messages.publish(new ProjectCreated(project, owner, "throw"), project);
        messages.publish(new ProjectCreated(project, owner, "behind the poison"), project);

        messages.await(
                ProjectUpdated.class,
                e -> e.project().equals(project) && e.name().equals("seen behind the poison"));

        assertThat(deadLetters(project))
                .hasSize(2)
                .allSatisfy(dead -> assertThat(dead.headers().lastHeader("containr_dead_reason"))
                        .isNotNull());
    }

    private static List<ConsumerRecord<String, byte[]>> deadLetters(ProjectId project) {
        TopicPartition partition = new TopicPartition(Topics.deadLetters("probe-service/main"), 0);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestInfrastructure.kafka()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(5)).records(partition).stream()
                    .filter(dead -> dead.key().equals(project.toString()))
                    .toList();
        }
    }

    private long pending() {
        return jdbc.sql("select count(*) from outbox").query(Long.class).single();
    }
}

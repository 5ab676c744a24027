package io.containr.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.MessageTypes;
import io.containr.contracts.Topics;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.gateway.Backend;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.TestApplication;
import io.containr.gateway.Visitor;
import io.containr.local.LocalKafka;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Origin;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything but the gateway and the applications is away, then comes back. */
class ControlPlaneAwayIT {

    @TempDir
    Path home;

    @Test
    void routesSurviveARestartWithoutKafkaAndAreReportedWhenItComesBack() throws Exception {
        Path directory = Files.createDirectory(home.resolve("gateway"));
        int port = freePort();
        int controllerPort = freePort();
        try (Backend blue = Backend.start("blue");
                Backend green = Backend.start("green")) {
            TestApplication kept = new TestApplication();
            TestApplication dropped = new TestApplication();
            new RouteFile(directory, new MessageCodec()).save(List.of(kept.route(4, blue), dropped.route(1, blue)));
            try (LocalKafka kafka = LocalKafka.start(home.resolve("kafka"), port, controllerPort, true)) {
                publish(kafka, kept.route(5, green));
            }

            long stopping;
            try (RunningGateway gateway = RunningGateway.start(directory, "127.0.0.1:" + port)) {
                Visitor visitor = gateway.visitor();
                assertThat(visitor.get(kept.host(), "/who").body()).isEqualTo("blue");
                assertThat(visitor.get(dropped.host(), "/who").body()).isEqualTo("blue");
                assertThat(gateway.operator()
                                .get("localhost", "/actuator/health/readiness")
                                .status())
                        .isEqualTo(200);

                try (LocalKafka kafka = LocalKafka.start(home.resolve("kafka"), port, controllerPort, true)) {
                    Awaitility.await()
                            .until(() -> visitor.get(kept.host(), "/who").body().equals("green"));
                    assertThat(visitor.get(dropped.host(), "/who").status()).isEqualTo(404);
                    assertThat(reports(kafka)).contains(kept.host() + " 5");
                }
                assertThat(visitor.get(kept.host(), "/who").body()).isEqualTo("green");
                stopping = System.nanoTime();
            }
            // Kafka is gone again: stopping waits for nobody.
            assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(Duration.ofSeconds(10));
            assertThat(new RouteFile(directory, new MessageCodec()).load()).hasValue(List.of(kept.route(5, green)));
        }
    }

    private static void publish(LocalKafka kafka, Route route) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.ROUTES, 1, (short) 1).configs(Map.of("cleanup.policy", "compact")),
                            new NewTopic(Topics.ROUTE_EVENTS, 1, (short) 1)))
                    .all()
                    .get();
        }
        var codec = new MessageCodec();
        var meta = new MessageMeta(
                Ids.next(),
                MessageTypes.of(Route.class),
                "test",
                Instant.now(),
                route.host(),
                Origin.system(Ids.next()));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(codec.encode(meta, codec.write(route))).get();
        }
    }

    private static List<String> reports(LocalKafka kafka) {
        var codec = new MessageCodec();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.ROUTE_EVENTS, 0);
            consumer.assign(List.of(partition));
            List<String> seen = new ArrayList<>();
            Awaitility.await().until(() -> {
                consumer.seekToBeginning(List.of(partition));
                seen.clear();
                consumer.poll(Duration.ofMillis(300))
                        .forEach(entry -> codec.decode(entry)
                                .filter(received -> received.meta().type().payload() == RouteServed.class)
                                .map(received -> codec.read(received.data(), RouteServed.class))
                                .ifPresent(served -> seen.add(served.host() + " " + served.generation())));
                return !seen.isEmpty();
            });
            return seen;
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

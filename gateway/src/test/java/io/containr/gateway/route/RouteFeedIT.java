package io.containr.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.Topics;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent.GatewayAlive;
import io.containr.contracts.route.RouteEvent.GatewayStopped;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.gateway.Backend;
import io.containr.gateway.Messages;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.TestApplication;
import io.containr.gateway.Visitor;
import io.containr.testing.TestInfrastructure;
import io.containr.testing.TestMessages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFeedIT {

    @TempDir
    static Path directory;

    private static TestMessages messages;
    private static RunningGateway gateway;
    private static Visitor visitor;
    private static Backend blue;
    private static Backend green;

    @BeforeAll
    static void start() {
        messages = Messages.open();
        blue = Backend.start("blue");
        green = Backend.start("green");
        gateway = RunningGateway.start(directory, TestInfrastructure.kafka(), "containr.gateway.id=edge-1");
        visitor = gateway.visitor();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        GatewayStopped stopped = messages.await(GatewayStopped.class, event -> true);
        assertThat(stopped.gateway()).isEqualTo("edge-1");
        messages.close();
        blue.close();
        green.close();
    }

    @Test
    void oneThatReadsTheTopicSaysSoAgainAndAgain() {
        GatewayAlive first =
                messages.await(GatewayAlive.class, alive -> alive.gateway().equals("edge-1"));

        messages.await(
                GatewayAlive.class, alive -> alive.at().isAfter(first.at().plusSeconds(1)));
    }

    @Test
    void aGenerationIsReportedOnceItIsInForceAndAnOlderOneIsIgnored() {
        TestApplication app = new TestApplication(messages);

        app.leadsTo(app.route(2, green));
        assertThat(visitor.get(app.host(), "/who").body()).isEqualTo("green");

        Route late = app.route(1, blue);
        messages.publish(late, late.host());
        app.leadsTo(app.route(3, green));
        assertThat(visitor.get(app.host(), "/who").body()).isEqualTo("green");
        assertThat(messages.all(RouteServed.class).stream()
                        .filter(served -> served.host().equals(app.host()))
                        .map(RouteServed::generation))
                .doesNotContain(1L);
    }

    @Test
    void aTombstoneTakesTheHostAway() {
        TestApplication app = new TestApplication(messages);
        app.leadsTo(blue);

        messages.publishRaw(new ProducerRecord<>(Topics.ROUTES, app.host(), null));

        Awaitility.await().until(() -> visitor.get(app.host(), "/who").status() == 404);
    }

    @Test
    void aRecordThatCannotBeUnderstoodLeavesTheLastGoodRoute() {
        TestApplication app = new TestApplication(messages);
        app.leadsTo(blue);

        messages.publishRaw(
                new ProducerRecord<>(Topics.ROUTES, app.host(), "not a message".getBytes(StandardCharsets.UTF_8)));
        TestApplication later = new TestApplication(messages);
        later.leadsTo(green);

        assertThat(visitor.get(app.host(), "/who").body()).isEqualTo("blue");
    }

    @Test
    void noRequestFailsWhileRoutesChangeUnderLoad() throws Exception {
        TestApplication app = new TestApplication(messages);
        Backend current = Backend.start("0");
        app.leadsTo(current);
        AtomicBoolean busy = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            List<Future<?>> loads = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(client -> clients.submit(() -> {
                        while (busy.get()) {
                            Visitor.Answer answer = client % 2 == 0
                                    ? visitor.get(app.host(), "/who")
                                    : visitor.post(app.host(), "/echo", "body");
                            assertThat(answer.status()).isEqualTo(200);
                            answered.incrementAndGet();
                        }
                    }))
                    .toList();
            for (int i = 1; i <= 10; i++) {
                Backend next = Backend.start(Integer.toString(i));
                app.leadsTo(next);
                Upstream served = gateway.bean(RouteTable.class)
                        .find(app.host())
                        .orElseThrow()
                        .upstreams()
                        .getFirst();
                assertThat(served.target()).isEqualTo(next.target());
                int before = next.requests();
                Awaitility.await().until(() -> next.requests() > before + 20);
                current.drain();
                current = next;
            }
            busy.set(false);
            for (Future<?> load : loads) {
                load.get();
            }
        } finally {
            busy.set(false);
            current.close();
        }
        assertThat(answered.get()).isGreaterThan(200);
    }
}

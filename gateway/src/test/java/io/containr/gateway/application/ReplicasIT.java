package io.containr.gateway.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.gateway.Backend;
import io.containr.gateway.Messages;
import io.containr.gateway.RunningGateway;
import io.containr.gateway.TestApplication;
import io.containr.gateway.Visitor;
import io.containr.testing.TestInfrastructure;
import io.containr.testing.TestMessages;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with several instances: each gets its share, and the death of one is nobody's loss. */
class ReplicasIT {

    private static final int VISITORS = 8;

    @TempDir
    static Path directory;

    private static TestMessages messages;
    private static RunningGateway gateway;
    private static Visitor visitor;

    private TestApplication app;
    private List<Backend> replicas;

    @BeforeAll
    static void start() {
        messages = Messages.open();
        gateway = RunningGateway.start(directory, TestInfrastructure.kafka());
        visitor = gateway.visitor();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        messages.close();
    }

    @BeforeEach
    void deploy() {
        replicas = IntStream.range(0, 3)
                .mapToObj(i -> Backend.start("replica-" + i))
                .toList();
        app = new TestApplication(messages);
        app.leadsTo(replicas.toArray(Backend[]::new));
    }

    @AfterEach
    void remove() {
        replicas.forEach(Backend::close);
    }

    @Test
    void requestsAreSpreadOverAllInstances() {
        for (int i = 0; i < 60; i++) {
            assertThat(visitor.get(app.host(), "/who").status()).isEqualTo(200);
        }
        assertThat(replicas).extracting(Backend::requests).allMatch(requests -> requests >= 15 && requests <= 25);
    }

    @Test
    void anInstanceThatIsBusyGetsFewer() throws Exception {
        try (ExecutorService slow = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 3).forEach(i -> slow.execute(() -> visitor.get(app.host(), "/slow?ms=3000")));
            await().until(() -> replicas.stream().mapToInt(Backend::requests).sum() == 3);
            slow.execute(() -> visitor.get(app.host(), "/slow?ms=3000"));
            await().until(() -> replicas.stream().mapToInt(Backend::requests).sum() == 4);
            Backend busy = replicas.stream()
                    .filter(replica -> replica.requests() == 2)
                    .findFirst()
                    .orElseThrow();
            for (int i = 0; i < 20; i++) {
                visitor.get(app.host(), "/who");
            }
            assertThat(busy.requests()).isEqualTo(2);
        }
    }

    /** Killed in the middle of requests. Those that may be sent twice are answered by another; all later ones of any kind are. */
    @Test
    void theDeathOfAnInstanceLosesNothing() throws Exception {
        Collection<String> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean dead = new AtomicBoolean();
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch afterwards = new CountDownLatch(20 * VISITORS);
        Backend dying = replicas.getFirst();
        try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < VISITORS; i++) {
                visitors.execute(() -> {
                    while (!enough.get()) {
                        boolean late = dead.get();
                        Visitor.Answer answer =
                                late ? visitor.post(app.host(), "/count", "x") : visitor.get(app.host(), "/slow?ms=5");
                        if (answer.status() != 200) {
                            failures.add(answer.status() + " " + answer.body());
                        }
                        if (late) {
                            afterwards.countDown();
                        }
                    }
                });
            }
            await().until(() -> dying.requests() > 50);
            dying.close();
            dead.set(true);
            assertThat(afterwards.await(20, TimeUnit.SECONDS)).isTrue();
            enough.set(true);
        }
        assertThat(failures).isEmpty();
    }
}

package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.runtime.work.Next;
import io.containr.runtime.work.WorkQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(
        properties = "spring.config.name=probe-service",
        classes = ProbeService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestEnvironment.class)
class WorkQueueIT {

    @Autowired
    private WorkQueue queue;

    @Autowired
    private ProbeService probe;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private MeterRegistry metrics;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void keyWokenWhileItIsWorkedOnIsLookedAtAgain() throws InterruptedException {
        String key = UUID.randomUUID().toString();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        probe.work.set(work -> {
            if (work.key().equals(key) && runs.incrementAndGet() == 1) {
                started.countDown();
                pause(goOn);
            }
            return Next.done();
        });

        queue.wake(key);
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        queue.wake(key);
        goOn.countDown();

        await().untilAsserted(() -> {
            assertThat(runs).hasValue(2);
            assertThat(rows(key)).isZero();
        });
    }

    @Test
    void whatWaitsAndWhatFailsIsMeasured() {
        double errors = errors();
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger inHand = new AtomicInteger();
        probe.work.set(work -> {
            inHand.incrementAndGet();
            pause(goOn);
            if (work.attempts() == 0) {
                throw new IllegalStateException("not yet");
            }
            return Next.done();
        });
        // Four are worked on at once.
        for (int i = 0; i < 7; i++) {
            queue.wake(UUID.randomUUID());
        }
        await().until(() -> inHand.get() == 4);
        assertThat(gauge("containr.work.waiting")).isEqualTo(3);
        assertThat(gauge("containr.work.active")).isEqualTo(4);
        goOn.countDown();
        await().untilAsserted(() -> {
            assertThat(errors()).isEqualTo(errors + 7);
            assertThat(gauge("containr.work.waiting")).isZero();
        });
    }

    private double gauge(String name) {
        return metrics.get(name).tag("queue", "probe").gauge().value();
    }

    private double errors() {
        Counter errors = metrics.find("containr.work.errors")
                .tag("queue", "probe")
                .tag("error", "IllegalStateException")
                .counter();
        return errors == null ? 0 : errors.count();
    }

    @Test
    void handlerThatThrowsIsTriedAgain() {
        String key = UUID.randomUUID().toString();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        probe.work.set(work -> {
            if (work.key().equals(key)) {
                attempts.add(work.attempts());
                if (work.attempts() < 2) {
                    throw new IllegalStateException("not yet");
                }
            }
            return Next.done();
        });

        queue.wake(key);

        await().untilAsserted(() -> assertThat(attempts).containsExactly(0, 1, 2));
    }

    @Test
    void workOfADeadProcessIsClaimedAgainAndSaysSo() {
        String key = UUID.randomUUID().toString();
        List<Boolean> recovered = new CopyOnWriteArrayList<>();
        probe.work.set(work -> {
            if (work.key().equals(key)) {
                recovered.add(work.recovered());
            }
            return Next.done();
        });
        jdbc.sql("""
                insert into work (queue, key, due_at, lease_owner, lease_until)
                values ('probe', :key, now(), gen_random_uuid(), now() - interval '1 second')""").param("key", key).update();

        await().untilAsserted(() -> assertThat(recovered).containsExactly(true));
    }

    @Test
    void wakeOfATransactionThatRollsBackIsNone() {
        String key = UUID.randomUUID().toString();
        transaction.executeWithoutResult(status -> {
            queue.wake(key);
            status.setRollbackOnly();
        });

        assertThat(rows(key)).isZero();
    }

    @Test
    void laterMeansLater() {
        String key = UUID.randomUUID().toString();
        List<Long> times = new CopyOnWriteArrayList<>();
        probe.work.set(work -> {
            if (work.key().equals(key)) {
                times.add(System.nanoTime());
            }
            return times.size() < 2 ? Next.after(Duration.ofMillis(150)) : Next.done();
        });

        queue.wake(key);

        await().untilAsserted(() -> assertThat(times).hasSize(2));
        assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThan(Duration.ofMillis(140));
    }

    private long rows(String key) {
        return jdbc.sql("select count(*) from work where key = :key")
                .param("key", key)
                .query(Long.class)
                .single();
    }

    private static void pause(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

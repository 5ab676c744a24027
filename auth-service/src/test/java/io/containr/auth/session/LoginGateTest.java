package io.containr.auth.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginGateTest {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void loginsOfOneAccountNeverOverlap() throws Exception {
        LoginGate gate = new LoginGate(8, Duration.ofSeconds(5));
        AtomicInteger inside = new AtomicInteger();
        var logins = IntStream.range(0, 50)
                .mapToObj(i -> threads.submit(() -> gate.enter("ann@example.com", () -> {
                    int now = inside.incrementAndGet();
                    Thread.yield();
                    inside.decrementAndGet();
                    return now;
                })))
                .toList();

        for (Future<Integer> login : logins) {
            assertThat(login.get()).isEqualTo(1);
        }
    }

    @Test
    void loginsOfDifferentAccountsRunAtOnce() throws Exception {
        LoginGate gate = new LoginGate(2, Duration.ofSeconds(5));
        CountDownLatch both = new CountDownLatch(2);
        var logins = IntStream.range(0, 2)
                .mapToObj(i -> threads.submit(() -> gate.enter("user" + i, () -> {
                    both.countDown();
                    return awaited(both);
                })))
                .toList();

        for (Future<Boolean> login : logins) {
            assertThat(login.get()).isTrue();
        }
    }

    @Test
    void whoWaitsTooLongIsAskedToComeBack() throws Exception {
        LoginGate gate = new LoginGate(1, Duration.ofMillis(20));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Future<Boolean> first = threads.submit(() -> gate.enter("ann", () -> {
            entered.countDown();
            return awaited(leave);
        }));
        entered.await();

        for (String account : new String[] {"ann", "bob"}) {
            assertThatThrownBy(() -> gate.enter(account, () -> true))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED));
        }
        leave.countDown();
        assertThat(first.get()).isTrue();
        assertThat(gate.enter("ann", () -> true)).isTrue();
    }

    @Test
    void loginThatFailsLeavesTheGateOpen() {
        LoginGate gate = new LoginGate(1, Duration.ofMillis(20));

        assertThatThrownBy(() -> gate.enter("ann", () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(gate.enter("ann", () -> true)).isTrue();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

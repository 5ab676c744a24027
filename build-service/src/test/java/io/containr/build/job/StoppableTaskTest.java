package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.job.StoppableTask.Ended;
import io.containr.build.job.StoppableTask.StopReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StoppableTaskTest {

    private final Semaphore signal = new Semaphore(0);

    @Test
    void workThatReturnsOrThrowsEndsSo() {
        assertThat(new StoppableTask<>("t", () -> 7).run(signal, Optional::empty))
                .isEqualTo(new Ended.Returned<>(7));
        assertThat(new StoppableTask<>("t", () -> {
                            throw new IllegalStateException("no");
                        })
                        .run(signal, Optional::empty))
                .isInstanceOf(Ended.Threw.class);
    }

    @Test
    void aSignalledReasonInterruptsTheWorkAndWaitsForItsEnd() {
        AtomicBoolean ended = new AtomicBoolean();
        StoppableTask<String> task = new StoppableTask<>("t", () -> {
            signal.release();
            try {
                new CountDownLatch(1).await();
                return "never";
            } finally {
                ended.set(true);
            }
        });

        assertThat(task.run(signal, () -> Optional.of(StopReason.CANCELLED)))
                .isEqualTo(new Ended.Stopped<>(StopReason.CANCELLED));
        assertThat(ended).isTrue();
    }

    @Test
    void workThatFinishedAlthoughItWasStoppedHasFinished() {
        StoppableTask<String> task = new StoppableTask<>("t", () -> {
            signal.release();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                return "just done";
            }
            return "never";
        });

        assertThat(task.run(signal, () -> Optional.of(StopReason.TIMED_OUT)))
                .isEqualTo(new Ended.Returned<>("just done"));
    }

    @Test
    void anInterruptedWatcherGivesTheWorkUp() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Ended<String>> ended = new CompletableFuture<>();
        StoppableTask<String> task = new StoppableTask<>("t", () -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        Thread watcher = Thread.ofVirtual().start(() -> ended.complete(task.run(signal, Optional::empty)));
        started.await();
        watcher.interrupt();

        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new Ended.Stopped<>(StopReason.SHUTTING_DOWN));
    }
}

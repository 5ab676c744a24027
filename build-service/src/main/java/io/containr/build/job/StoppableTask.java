package io.containr.build.job;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that can be stopped. It runs in a virtual thread of its own, where an interruption ends whatever it waits for,
 * sockets and processes included; the thread that watches is never interrupted by a stop and may use the database.
 */
final class StoppableTask<T> {

    private static final Logger log = LoggerFactory.getLogger(StoppableTask.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration INSIST_EVERY = Duration.ofMillis(200);
    private static final Duration WARN_AFTER = Duration.ofSeconds(20);

    private final String name;
    private final Callable<T> work;

    StoppableTask(String name, Callable<T> work) {
        this.name = name;
        this.work = work;
    }

    /**
     * Runs to the end, whatever kind of end. When this returns, nothing of the work goes on.
     *
     * @param signal looked at when there may be a reason to stop
     * @param reasonToStop asked then, and from time to time
     */
    Ended<T> run(Semaphore signal, Supplier<Optional<StopReason>> reasonToStop) {
        Outcome<T> outcome = new Outcome<>();
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                outcome.returned(work.call());
            } catch (Exception e) {
                outcome.threw(e);
            } catch (Error e) {
                outcome.threw(new IllegalStateException("the work ended in an error", e));
                throw e;
            } finally {
                signal.release();
            }
        });
        StopReason stop = null;
        while (stop == null && thread.isAlive() && !outcome.known()) {
            try {
                if (signal.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS) && outcome.known()) {
                    break;
                }
                stop = reasonToStop.get().orElse(null);
            } catch (InterruptedException e) {
                stop = StopReason.SHUTTING_DOWN;
            }
        }
        if (stop != null) {
            end(thread);
        }
        return outcome.ended(stop);
    }

    private void end(Thread thread) {
        long warnAt = System.nanoTime() + WARN_AFTER.toNanos();
        while (thread.isAlive()) {
            thread.interrupt();
            try {
                thread.join(INSIST_EVERY);
            } catch (InterruptedException e) {
                log.debug("{} is being stopped already", name, e);
            }
            if (System.nanoTime() - warnAt > 0) {
                log.warn("{} does not stop", name);
                warnAt += WARN_AFTER.toNanos();
            }
        }
    }

    /** Why work was stopped. */
    enum StopReason {
        CANCELLED,
        TIMED_OUT,
        SHUTTING_DOWN
    }

    /** How work ended. */
    sealed interface Ended<T> {
        record Returned<T>(T value) implements Ended<T> {}

        record Threw<T>(Exception failure) implements Ended<T> {}

        record Stopped<T>(StopReason reason) implements Ended<T> {}
    }

    private static final class Outcome<T> {

        private @Nullable Ended<T> ended;

        synchronized void returned(T value) {
            ended = new Ended.Returned<>(value);
        }

        synchronized void threw(Exception failure) {
            ended = new Ended.Threw<>(failure);
        }

        synchronized boolean known() {
            return ended != null;
        }

        /** Work that finished although it was told to stop has finished. */
        synchronized Ended<T> ended(@Nullable StopReason stop) {
            if (stop != null && !(ended instanceof Ended.Returned<T>)) {
                return new Ended.Stopped<>(stop);
            }
            if (ended == null) {
                throw new IllegalStateException("work ended without an outcome");
            }
            return ended;
        }
    }
}

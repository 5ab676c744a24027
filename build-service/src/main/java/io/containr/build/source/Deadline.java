package io.containr.build.source;

import java.time.Duration;

/** Interrupts the thread that made it when its time is up, unless it was closed before. */
final class Deadline implements AutoCloseable {

    private final Thread worker = Thread.currentThread();
    private final Thread timer;
    private boolean closed;
    private boolean expired;

    Deadline(Duration after) {
        timer = Thread.ofVirtual().name("deadline").start(() -> waitAndFire(after));
    }

    private void waitAndFire(Duration after) {
        try {
            Thread.sleep(after);
        } catch (InterruptedException e) {
            return;
        }
        synchronized (this) {
            if (!closed) {
                expired = true;
                worker.interrupt();
            }
        }
    }

    synchronized boolean expired() {
        return expired;
    }

    /** Takes its own interruption back where it came. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (expired) {
                Thread.interrupted();
            }
        }
        timer.interrupt();
    }
}

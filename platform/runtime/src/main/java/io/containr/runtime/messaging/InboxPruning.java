package io.containr.runtime.messaging;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Keeps the inbox of every service as small as it can be. */
final class InboxPruning implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(InboxPruning.class);

    private final Inbox inbox;
    private final Duration every;
    private final String service;
    private volatile @Nullable ScheduledExecutorService timer;

    InboxPruning(Inbox inbox, Duration every, String service) {
        this.inbox = inbox;
        this.every = every;
        this.service = service;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(service + "-inbox-pruning").factory());
        started.scheduleWithFixedDelay(this::prune, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        timer = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = timer;
        timer = null;
        if (running != null) {
            running.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    private void prune() {
        try {
            int forgotten = inbox.prune();
            if (forgotten > 0) {
                log.info("Forgot {} messages that no topic can deliver again", forgotten);
            }
        } catch (RuntimeException e) {
            if (isRunning()) {
                log.warn("The inbox was not pruned; the next time does it", e);
            }
        }
    }
}

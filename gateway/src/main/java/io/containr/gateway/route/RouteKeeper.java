package io.containr.gateway.route;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the table to disk shortly after it changed; many changes in a row become one write. */
final class RouteKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RouteKeeper.class);

    private final RouteTable table;
    private final RouteFile file;
    private final Duration delay;
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("route-keeper").factory());

    RouteKeeper(RouteTable table, RouteFile file, Duration delay) {
        this.table = table;
        this.file = file;
        this.delay = delay;
    }

    void changed() {
        if (dirty.compareAndSet(false, true)) {
            writer.schedule(this::write, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write() {
        if (!dirty.getAndSet(false)) {
            return;
        }
        try {
            file.save(table.all());
        } catch (IOException e) {
            log.error("Routes cannot be kept on disk; a restart without Kafka would serve older ones", e);
        }
    }

    /** Writes what is still unwritten. */
    @Override
    public void close() {
        writer.close();
        write();
    }
}

package io.containr.deploy.log;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.DeployProperties;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** One stream of a service's lines: reads on from the last line it sent whenever there may be more. */
final class LogFollower {

    private static final Logger log = LoggerFactory.getLogger(LogFollower.class);
    private static final int BATCH = 500;

    private final ServiceId service;
    private final LogSink sink;
    private final BooleanSupplier mayGoOn;
    private final LogStore store;
    private final LogSignal signal;
    private final DeployProperties.Logs settings;
    private long last;
    private long sentAt = System.nanoTime();
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    LogFollower(
            ServiceId service,
            long after,
            LogSink sink,
            BooleanSupplier mayGoOn,
            LogStore store,
            LogSignal signal,
            DeployProperties.Logs settings) {
        this.service = service;
        this.last = after;
        this.sink = sink;
        this.mayGoOn = mayGoOn;
        this.store = store;
        this.signal = signal;
        this.settings = settings;
    }

    void start(Runnable atEnd) {
        thread = Thread.ofVirtual().name("follow-" + service).start(() -> {
            try (LogSignal.Listener listener = signal.listen(service)) {
                run(listener);
            } finally {
                atEnd.run();
            }
        });
    }

    void stop() {
        stopped = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run(LogSignal.Listener listener) {
        try {
            while (!stopped) {
                if (!sendNew() && !beat()) {
                    break;
                }
                listener.await(settings.look());
            }
            sink.end();
        } catch (InterruptedException e) {
            sink.end();
        } catch (IOException | IllegalStateException e) {
            log.debug("Nobody follows the log of {} any more", service, e);
        } catch (DataAccessException e) {
            log.warn("The log of {} cannot be followed any further", service, e);
            sink.end();
        }
    }

    private boolean sendNew() throws IOException {
        boolean sent = false;
        List<LogEntry> entries = store.after(service, last, BATCH);
        while (!entries.isEmpty()) {
            sink.send(entries);
            last = entries.getLast().id();
            sent = true;
            sentAt = System.nanoTime();
            entries = entries.size() < BATCH ? List.of() : store.after(service, last, BATCH);
        }
        return sent;
    }

    /** False where the stream shall end. */
    private boolean beat() throws IOException {
        if (System.nanoTime() - sentAt < settings.heartbeat().toNanos()) {
            return true;
        }
        if (!mayGoOn.getAsBoolean()) {
            return false;
        }
        sink.heartbeat();
        sentAt = System.nanoTime();
        return true;
    }
}

package io.containr.build.log;

import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines.Line;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The log of one running build. Lines are collected and leave in batches, ten times a second; each batch is stored, then
 * told to whoever listens. Output beyond the limit is dropped, and the log says so.
 */
public final class BuildLog implements BuildOutput, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BuildLog.class);
    private static final long BATCH_MILLIS = 100;
    private static final int KEPT_LINES = 20;

    private final BuildId build;
    private final BuildLogs store;
    private final Consumer<List<Line>> listener;
    private final Clock clock;
    private final long limit;
    private final Map<Stream, LineCutter> cutters = new EnumMap<>(Stream.class);
    private final Deque<String> lastOutput = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread flusher;
    private List<Line> waiting = new ArrayList<>();
    private long seq;
    private long characters;

    /**
     * @param limit in characters
     * @param listener is told each batch after it was stored
     */
    BuildLog(BuildId build, BuildLogs store, Clock clock, long limit, Consumer<List<Line>> listener) {
        this.build = build;
        this.store = store;
        this.clock = clock;
        this.limit = limit;
        this.listener = listener;
        this.seq = store.lastSeq(build);
        this.flusher = Thread.ofVirtual().name("build-log-" + build).start(this::flushLoop);
    }

    @Override
    public synchronized void write(Stream stream, String text) {
        cutters.computeIfAbsent(stream, ignored -> new LineCutter()).add(text).forEach(line -> add(stream, line));
    }

    private void add(Stream stream, String line) {
        if (stream != Stream.SYSTEM) {
            lastOutput.addLast(line);
            if (lastOutput.size() > KEPT_LINES) {
                lastOutput.removeFirst();
            }
            boolean full = characters >= limit;
            characters += line.length() + 1;
            if (full) {
                return;
            }
            if (characters >= limit) {
                append(Stream.SYSTEM, "The output is too long; the rest is not kept.");
                return;
            }
        }
        append(stream, line);
    }

    private void append(Stream stream, String line) {
        waiting.add(new Line(++seq, clock.instant(), stream.wireName(), line));
    }

    /** The last lines that the build itself printed, without empty ones. */
    public synchronized List<String> lastOutput(int count) {
        List<String> lines = lastOutput.stream().filter(line -> !line.isBlank()).toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private void flushLoop() {
        try {
            while (!closing.await(BATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush() {
        List<Line> batch;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return;
            }
            batch = waiting;
            waiting = new ArrayList<>();
        }
        try {
            store.store(build, batch);
        } catch (DataAccessException e) {
            log.warn("Cannot store {} lines of build {}, trying again", batch.size(), build, e);
            synchronized (this) {
                batch.addAll(waiting);
                waiting = batch;
            }
            return;
        }
        listener.accept(batch);
    }

    /** Everything written so far is stored when this returns, or a warning says that it could not be. */
    @Override
    public void close() {
        synchronized (this) {
            cutters.forEach((stream, cutter) -> cutter.end().forEach(line -> add(stream, line)));
        }
        closing.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                flusher.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        flush();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.containr.build.job.web;

import io.containr.build.job.Build;
import io.containr.build.job.Builds;
import io.containr.build.log.BuildLogs;
import io.containr.build.log.LogSignal;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.log.LogLines.Line;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Writes a build's log as plain text; a follower gets each line as it comes, until the build has ended. The request's own
 * (virtual) thread waits. Followers are let go before the web server shuts down.
 */
@Component
class LogText implements SmartLifecycle {

    private static final int BATCH = 1000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Builds builds;
    private final BuildLogs logs;
    private final LogSignal signal;
    private volatile boolean running;

    LogText(Builds builds, BuildLogs logs, LogSignal signal) {
        this.builds = builds;
        this.logs = logs;
        this.signal = signal;
    }

    void write(BuildId id, boolean follow, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        OutputStream out = response.getOutputStream();
        response.flushBuffer();
        long seq = 0;
        while (true) {
            long generation = signal.generation();
            boolean ended = hasEnded(id);
            List<Line> lines = logs.after(id, seq, BATCH);
            for (Line line : lines) {
                out.write((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
                seq = line.seq();
            }
            if (!lines.isEmpty()) {
                out.flush();
            }
            if (lines.size() == BATCH) {
                continue;
            }
            if (!follow || ended || !running) {
                return;
            }
            try {
                signal.await(generation, LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean hasEnded(BuildId id) {
        Optional<Build> build = builds.find(id);
        return build.isEmpty() || build.get().status().isTerminal();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        signal.raise();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

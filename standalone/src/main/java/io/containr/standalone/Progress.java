package io.containr.standalone;

import io.containr.local.ChildProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** The steps of a start, written by the platform and shown by the command that waits for it. */
final class Progress {

    static final String READY = "ready";
    private static final String FAILED = "failed: ";

    private final Home home;
    private final PrintWriter out;

    Progress(Home home, PrintWriter out) {
        this.home = home;
        this.out = out;
    }

    void reset() {
        write("", StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    synchronized void step(String text) {
        write(text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void failed(String reason) {
        step(FAILED + reason);
    }

    /** Shows the steps until the last one; throws when the platform ends before it is ready. */
    void follow(ChildProcess platform, Duration patience) throws InterruptedException {
        int shown = 0;
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            boolean alive = platform.isAlive();
            List<String> steps = read();
            for (String step : steps.subList(shown, steps.size())) {
                if (step.equals(READY)) {
                    return;
                }
                if (step.startsWith(FAILED)) {
                    throw new CommandFailedException(
                            step.substring(FAILED.length()) + "; see " + home.log(Programs.PLATFORM));
                }
                out.println("  ✓ " + step);
                out.flush();
            }
            shown = steps.size();
            if (!alive) {
                throw new CommandFailedException("the platform ended; see " + home.log(Programs.PLATFORM));
            }
            Thread.sleep(100);
        }
        throw new CommandFailedException("the platform is not ready after " + patience.toMinutes() + " minutes; see "
                + home.log(Programs.PLATFORM));
    }

    private List<String> read() {
        try {
            String text = Files.readString(home.progress());
            int complete = text.lastIndexOf('\n') + 1;
            return text.substring(0, complete).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String text, StandardOpenOption... options) {
        try {
            Files.writeString(home.progress(), text, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

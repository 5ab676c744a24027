package io.containr.simulator.task;

import java.util.ArrayList;
import java.util.List;

/** The lines a task writes, and how many of them are warnings. */
public final class TaskLog {

    private final List<String> lines = new ArrayList<>();
    private int warnings;

    public synchronized void line(String text) {
        lines.add(text);
    }

    /** A task with warnings ends as {@code WARNINGS: n} instead of {@code OK}. */
    public synchronized void warn(String text) {
        warnings++;
        lines.add("WARN: " + text);
    }

    synchronized int warnings() {
        return warnings;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}

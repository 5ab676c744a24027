package io.containr.simulator.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tasks on disk: a line when one begins, another with its log when it ends. A task without an end was running when the process died: its
 * worker is gone, so it reads as {@code unexpected status}.
 */
final class TaskJournal {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int KEPT = 2000;

    private record Line(
            String upid,
            @Nullable String exit,
            long endTime,
            @Nullable List<String> log) {}

    private final Path file;

    TaskJournal(Path directory) {
        file = directory.resolve("tasks.jsonl");
    }

    /** The ended tasks of earlier lives, oldest first; keeps the newest only. */
    List<Task> load() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Map<String, Line> latest = new LinkedHashMap<>();
            for (String text : Files.readAllLines(file)) {
                try {
                    Line line = MAPPER.readValue(text, Line.class);
                    latest.put(line.upid(), line);
                } catch (JacksonException torn) {
                    // A line cut off by the death of the process; its task then has no end, which is said below.
                    continue;
                }
            }
            List<Line> kept = new ArrayList<>(latest.values());
            kept = kept.subList(Math.max(0, kept.size() - KEPT), kept.size());
            List<Task> tasks = new ArrayList<>();
            StringBuilder compact = new StringBuilder();
            for (Line line : kept) {
                Upid upid = Upid.parse(line.upid()).orElseThrow();
                String exit = line.exit() == null ? Task.UNEXPECTED : line.exit();
                long end = line.exit() == null ? upid.startTime() : line.endTime();
                Task task = Task.ended(upid, line.log() == null ? List.of() : line.log(), exit, end);
                tasks.add(task);
                compact.append(text(task));
            }
            Path next = file.resolveSibling("tasks.jsonl.new");
            Files.writeString(next, compact);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return tasks;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    synchronized void record(Task task) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(
                    file,
                    text(task).getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String text(Task task) {
        String exit = task.exit();
        List<String> log = exit == null ? null : task.log().lines();
        return MAPPER.writeValueAsString(new Line(task.upid().toString(), exit, task.endTime(), log)) + "\n";
    }
}

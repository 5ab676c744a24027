package io.containr.simulator.task;

import io.containr.simulator.access.Caller;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks, each on a thread of its own: there is no queue and no limit, as on a real node. Ended tasks are kept on disk. */
public final class Tasks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

    private static final String BACKUP = "vzdump";
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final Clock clock;
    private final Delays delays;
    private final Faults faults;
    private final Consumer<String> killGuest;
    private final TaskJournal journal;
    private final Instant boot;
    private final AtomicLong pids = new AtomicLong(1000);
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();

    /** @param killGuest ends the guest with this vmid at once, for faults that want it dead */
    public Tasks(Path directory, Clock clock, Instant boot, Delays delays, Faults faults, Consumer<String> killGuest) {
        this.clock = clock;
        this.boot = boot;
        this.delays = delays;
        this.faults = faults;
        this.killGuest = killGuest;
        this.journal = new TaskJournal(directory);
        journal.load().forEach(task -> {
            tasks.put(task.upid().toString(), task);
            pids.accumulateAndGet(task.upid().pid(), Math::max);
        });
    }

    /** Begins a task and returns its identifier at once. */
    public String start(String node, String type, String id, Caller caller, TaskBody body) {
        Instant now = clock.instant();
        long pstart = Math.max(1, (now.toEpochMilli() - boot.toEpochMilli()) / 10);
        Upid upid = new Upid(node, pids.incrementAndGet(), pstart, now.getEpochSecond(), type, id, caller);
        Task task = new Task(upid);
        tasks.put(upid.toString(), task);
        journal.record(task);
        task.runBy(Thread.ofVirtual().name(upid.toString()).start(() -> run(task, body)));
        return upid.toString();
    }

    /** What a backup takes beyond its real work, and takes itself: its guest is locked meanwhile. */
    public Duration backupDelay() {
        return delays.of(BACKUP);
    }

    private void run(Task task, TaskBody body) {
        String exit;
        try {
            if (!task.upid().type().equals(BACKUP)) {
                Thread.sleep(delays.of(task.upid().type()));
            }
            Optional<TaskFault> fault =
                    faults.takeTask(task.upid().type(), task.upid().id());
            exit = fault.isPresent() ? misbehave(task, body, fault.get()) : work(task, body);
        } catch (InterruptedException stopped) {
            exit = Task.UNEXPECTED;
        } catch (ApiException refusal) {
            exit = firstLine(refusal.getMessage());
        } catch (IOException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                exit = Task.UNEXPECTED;
            } else {
                LOG.warn("task {} failed", task.upid(), e);
                exit = firstLine(String.valueOf(e.getMessage()));
            }
        }
        end(task, exit);
    }

    private static String work(Task task, TaskBody body) throws IOException, InterruptedException {
        body.run(task.log());
        int warnings = task.log().warnings();
        return warnings == 0 ? "OK" : "WARNINGS: " + warnings;
    }

    private String misbehave(Task task, TaskBody body, TaskFault fault) throws IOException, InterruptedException {
        return switch (fault.behaviour()) {
            case FAIL -> fault.message();
            case UNEXPECTED -> Task.UNEXPECTED;
            case HANG -> {
                new CountDownLatch(1).await();
                yield Task.UNEXPECTED;
            }
            case FAIL_AFTERWARDS -> {
                work(task, body);
                yield fault.message();
            }
            case GUEST_DIES -> {
                String exit = work(task, body);
                killGuest.accept(task.upid().id());
                yield exit;
            }
        };
    }

    private void end(Task task, String exit) {
        if (!exit.equals(Task.UNEXPECTED)) {
            boolean well = exit.equals("OK") || exit.startsWith("WARNINGS: ");
            task.log().line(well ? "TASK " + exit : "TASK ERROR: " + exit);
        }
        if (task.end(exit, clock.instant().getEpochSecond())) {
            journal.record(task);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("unknown error");
    }

    /** The task with this identifier, which must be one of the node's. */
    Task find(String node, String text) {
        Upid upid = Upid.parse(text).orElseThrow(() -> ApiException.invalid("upid", "unable to parse worker upid"));
        Task task = tasks.get(upid.toString());
        if (task == null || !upid.node().equals(node)) {
            throw ApiException.invalid("upid", "no such task");
        }
        return task;
    }

    /** Whether the task ended well within the time; one that ended badly fails here with its own message. */
    public boolean awaitSuccess(String upid, Duration atMost) throws InterruptedException {
        Task task = Objects.requireNonNull(tasks.get(upid));
        if (!task.awaitEnd(atMost)) {
            return false;
        }
        String exit = Objects.requireNonNull(task.exit());
        if (!exit.equals("OK") && !exit.startsWith("WARNINGS: ")) {
            throw ApiException.failed(exit);
        }
        return true;
    }

    /** Kills the worker, as if with SIGKILL: what it was doing stays half done. */
    void stop(Task task) {
        task.interrupt();
        end(task, Task.UNEXPECTED);
    }

    /** All tasks, newest first. */
    List<Task> newestFirst() {
        List<Task> all = new ArrayList<>(tasks.values());
        all.sort(Comparator.comparingLong((Task task) -> task.upid().startTime())
                .thenComparingLong(task -> task.upid().pid())
                .reversed());
        return all;
    }

    /** Ends running tasks; they will read as {@code unexpected status}. */
    @Override
    public void close() {
        List<Task> running = tasks.values().stream().filter(Task::running).toList();
        running.forEach(this::stop);
        running.forEach(task -> task.join(LAST_WORDS));
    }
}

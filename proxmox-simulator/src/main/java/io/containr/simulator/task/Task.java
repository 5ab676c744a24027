package io.containr.simulator.task;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One task, running or ended. It ends once; the first end counts. */
final class Task {

    static final String UNEXPECTED = "unexpected status";

    private final Upid upid;
    private final TaskLog log;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Thread worker;
    private @Nullable String exit;
    private long endTime;

    Task(Upid upid) {
        this.upid = upid;
        this.log = new TaskLog();
    }

    /** A task of an earlier life. */
    static Task ended(Upid upid, List<String> lines, String exit, long endTime) {
        Task task = new Task(upid);
        lines.forEach(task.log::line);
        task.end(exit, endTime);
        return task;
    }

    Upid upid() {
        return upid;
    }

    TaskLog log() {
        return log;
    }

    synchronized void runBy(Thread thread) {
        worker = thread;
    }

    synchronized void interrupt() {
        if (worker != null) {
            worker.interrupt();
        }
    }

    /** Waits until the worker has let go. */
    void join(Duration atMost) {
        Thread thread;
        synchronized (this) {
            thread = worker;
        }
        try {
            if (thread != null) {
                thread.join(atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this call ended it. */
    synchronized boolean end(String status, long time) {
        if (exit != null) {
            return false;
        }
        exit = status;
        endTime = time;
        ended.countDown();
        return true;
    }

    synchronized @Nullable String exit() {
        return exit;
    }

    synchronized long endTime() {
        return endTime;
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean running() {
        return exit() == null;
    }

    /** As {@code tasks/{upid}/status} shows it. */
    Map<String, Object> status() {
        Map<String, Object> shown = facts();
        shown.put("user", upid.caller().user());
        if (upid.caller().token() != null) {
            shown.put("tokenid", upid.caller().token());
        }
        String status = exit();
        shown.put("status", status == null ? "running" : "stopped");
        if (status != null) {
            shown.put("exitstatus", status);
        }
        return shown;
    }

    /** As lists of tasks show it: a running one with user and token in one field. */
    Map<String, Object> listed() {
        Map<String, Object> shown = facts();
        String status = exit();
        if (status == null) {
            shown.put("user", upid.caller().id());
            shown.put("status", "RUNNING");
            shown.put("saved", "0");
            return shown;
        }
        shown.put("user", upid.caller().user());
        if (upid.caller().token() != null) {
            shown.put("tokenid", upid.caller().token());
        }
        shown.put("status", status);
        shown.put("endtime", endTime());
        return shown;
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("upid", upid.toString());
        facts.put("node", upid.node());
        facts.put("pid", upid.pid());
        facts.put("pstart", upid.pstart());
        facts.put("starttime", upid.startTime());
        facts.put("type", upid.type());
        facts.put("id", upid.id());
        return facts;
    }
}

package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.GuestChange;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Tasks: found again, read, ended; and applications that end by themselves. */
final class TaskChecks {

    private final Lab lab;
    private final Proxmox proxmox;

    TaskChecks(Lab lab) {
        this.lab = lab;
        this.proxmox = lab.proxmox();
    }

    List<Check> all() {
        return List.of(
                new Check("task", "a task is found by what it works on", this::find),
                new Check("task", "its log is read, page by page", this::log),
                new Check("task", "a task is ended, and says so", this::abort),
                new Check("task", "an application that ends stops its guest", () -> dies("/bin/busybox false")),
                new Check("task", "a program that is not there never runs", () -> dies("/bin/nosuch")));
    }

    private int vmid() {
        return lab.vmid(0);
    }

    private Upid newest(String type) {
        return proxmox.findTask(
                        lab.node(),
                        type,
                        Integer.toString(vmid()),
                        Instant.now().minus(Duration.ofHours(1)))
                .orElseThrow(() -> new CheckFailedException("no " + type + " of " + vmid()));
    }

    private String find() {
        lab.need(GuestChecks.CREATED);
        Upid task = newest("vzcreate");
        unless(proxmox.task(task).orElseThrow() instanceof TaskStatus.Succeeded, "it did not succeed");
        return task.value().replaceFirst(":[^:]+:$", ":…:");
    }

    private String log() {
        lab.need(GuestChecks.CREATED);
        Upid task = newest("vzcreate");
        List<String> lines = log(task, 0)
                .valueStream()
                .map(line -> line.path("t").asString(""))
                .toList();
        unless(lines.getLast().startsWith("TASK OK") || lines.getLast().startsWith("TASK WARNINGS"), lines.toString());
        unless(log(task, 100_000).isEmpty(), "lines beyond the end");
        return lines.size() + " lines, the last: " + lines.getLast();
    }

    private JsonNode log(Upid task, int start) {
        return lab.http()
                .get("/nodes/{node}/tasks/{upid}/log?start={start}&limit=1000", task.node(), task.value(), start);
    }

    private void entrypoint(String entrypoint) {
        proxmox.configure(
                lab.node(),
                vmid(),
                proxmox.config(lab.node(), vmid()),
                new GuestChange(entrypoint, Map.of("ONE", "1"), new TreeSet<>(List.of(Lab.TAG))));
    }

    /** A shutdown that waits for an application that does not listen. */
    private String abort() throws InterruptedException {
        lab.need(GuestChecks.CONFIGURED);
        entrypoint(TestImage.DEAF);
        lab.succeed(proxmox.start(lab.node(), vmid()));
        lab.await("the application runs", Duration.ofSeconds(10), () -> lab.running(vmid()));
        Upid task = proxmox.shutdown(lab.node(), vmid(), Duration.ofSeconds(60));
        unless(
                proxmox.task(task).orElseThrow() instanceof TaskStatus.Running,
                "the shutdown does not wait for the application");
        proxmox.abort(task);
        String reason = lab.failure(task);
        unless(
                ProxmoxFailure.ofTask(reason) == ProxmoxFailure.OUTCOME_UNKNOWN,
                "understood as " + ProxmoxFailure.ofTask(reason) + ": " + reason);
        lab.succeed(proxmox.stop(lab.node(), vmid()));
        unless(!lab.running(vmid()), "it runs");
        return reason;
    }

    private String dies(String entrypoint) throws InterruptedException {
        lab.need(GuestChecks.CONFIGURED);
        entrypoint(entrypoint);
        TaskStatus status = lab.end(proxmox.start(lab.node(), vmid()));
        lab.await("it is stopped", Duration.ofSeconds(15), () -> !lab.running(vmid()));
        return status.toString();
    }
}

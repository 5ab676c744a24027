package io.containr.proxmox.conformance;

import static io.containr.proxmox.conformance.CheckFailedException.unless;

import io.containr.agent.proxmox.GuestPlan;
import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxConnection.Endpoint;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.CallFault.Behaviour;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.fault.TaskFault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What only a cluster shows that can be told to fail. */
final class FaultChecks {

    private final Lab lab;

    FaultChecks(Lab lab) {
        this.lab = lab;
    }

    List<Check> all() {
        return List.of(
                new Check("fault", "a gateway's own statuses, without a body", () -> with(this::gateway)),
                new Check("fault", "no answer, and half an answer", () -> with(this::noAnswer)),
                new Check("fault", "nobody listens", this::nobodyListens),
                new Check("fault", "a storage is full", () -> with(this::storageFull)),
                new Check("fault", "the quorum is lost", () -> with(this::noQuorum)),
                new Check("fault", "a task hangs and is ended", () -> with(this::taskHangs)),
                new Check("fault", "a task fails, its guest runs", () -> with(this::liesAboutFailing)),
                new Check("fault", "a task ends well, its guest is dead", () -> with(this::liesAboutSuccess)));
    }

    private interface Work {
        String run(Faults faults) throws Exception;
    }

    private String with(Work work) throws Exception {
        Faults faults = lab.target().faults();
        if (faults == null) {
            throw new SkippedException("a real cluster does not fail when it is told to");
        }
        try {
            return work.run(faults);
        } finally {
            faults.clear();
        }
    }

    private static void once(Faults faults, Behaviour behaviour) {
        faults.add(CallFault.of("GET", "/version", 1, behaviour));
    }

    private String version(ProxmoxFailure meaning) {
        Supplier<String> version = lab.proxmox()::version;
        return Lab.refused(version, meaning);
    }

    private String gateway(Faults faults) {
        for (int code : List.of(502, 503, 504, 595, 596, 597, 598, 599)) {
            once(faults, new Behaviour.Status(code, "Connection refused", false));
            version(ProxmoxFailure.OUTCOME_UNKNOWN);
        }
        once(faults, new Behaviour.Status(500, "got timeout", false));
        return version(ProxmoxFailure.OTHER);
    }

    private String noAnswer(Faults faults) {
        // The client's library repeats a GET by itself where the connection ends without a byte.
        faults.add(CallFault.of("GET", "/version", 20, new Behaviour.Drop()));
        version(ProxmoxFailure.OUTCOME_UNKNOWN);
        faults.clear();
        faults.add(CallFault.of("GET", "/version", 20, new Behaviour.Silence(Duration.ofMillis(100))));
        version(ProxmoxFailure.OUTCOME_UNKNOWN);
        faults.clear();
        once(faults, new Behaviour.Garbage());
        return version(ProxmoxFailure.OUTCOME_UNKNOWN);
    }

    private String nobodyListens() throws Exception {
        Endpoint endpoint = lab.target().endpoint();
        Endpoint closed = new Endpoint(
                URI.create("https://127.0.0.1:1"),
                endpoint.fingerprint(),
                endpoint.caFile(),
                endpoint.connectTimeout(),
                endpoint.readTimeout());
        try (ProxmoxConnection connection = ProxmoxConnection.open(
                closed, ProxmoxConnection.token(lab.target().token()))) {
            return Lab.refused(() -> connection.proxmox().version(), ProxmoxFailure.UNAVAILABLE);
        }
    }

    private String storageFull(Faults faults) throws InterruptedException {
        lab.need(TemplateChecks.PULLED);
        faults.storageFull(lab.target().rootStorage(), true);
        GuestPlan plan = lab.plan(lab.vmid(5));
        String reason = lab.failure(lab.proxmox().create(lab.node(), plan));
        unless(
                ProxmoxFailure.ofTask(reason) == ProxmoxFailure.STORAGE_FULL,
                "understood as " + ProxmoxFailure.ofTask(reason) + ": " + reason);
        unless(lab.proxmox().isFree(plan.vmid()), "something is left of it");
        return reason;
    }

    private String noQuorum(Faults faults) {
        lab.need(GuestChecks.CREATED);
        faults.quorum(false);
        return Lab.refused(() -> lab.proxmox().start(lab.node(), lab.vmid(0)), ProxmoxFailure.UNAVAILABLE);
    }

    private Upid start(Faults faults, TaskFault.Behaviour behaviour) {
        lab.need(GuestChecks.CONFIGURED);
        faults.add(TaskFault.of("vzstart", ".*", 1, behaviour, "got timeout"));
        return lab.proxmox().start(lab.node(), lab.vmid(1));
    }

    private String taskHangs(Faults faults) throws InterruptedException {
        Upid task = start(faults, TaskFault.Behaviour.HANG);
        unless(lab.proxmox().task(task).orElseThrow() instanceof TaskStatus.Running, "it does not hang");
        lab.proxmox().abort(task);
        return lab.failure(task);
    }

    private String liesAboutFailing(Faults faults) throws InterruptedException {
        String reason = lab.failure(start(faults, TaskFault.Behaviour.FAIL_AFTERWARDS));
        unless(lab.running(lab.vmid(1)), "it does not run");
        lab.succeed(lab.proxmox().stop(lab.node(), lab.vmid(1)));
        return reason;
    }

    private String liesAboutSuccess(Faults faults) throws InterruptedException {
        lab.succeed(start(faults, TaskFault.Behaviour.GUEST_DIES));
        lab.await("it is stopped", Duration.ofSeconds(10), () -> !lab.running(lab.vmid(1)));
        return "stopped";
    }
}

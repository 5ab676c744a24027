package io.containr.simulator.guest;

import io.containr.simulator.access.Caller;
import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.engine.Containers;
import io.containr.simulator.fault.Faults;
import io.containr.simulator.task.TaskLog;
import io.containr.simulator.task.Tasks;
import java.time.Duration;

/** Start, stop, shutdown and reboot. */
final class PowerEndpoints {

    private static final Duration AFTER_KILL = Duration.ofSeconds(30);

    private final Guests guests;
    private final Launcher launcher;
    private final Containers containers;
    private final Tasks tasks;
    private final Faults faults;

    PowerEndpoints(Guests guests, Launcher launcher, Containers containers, Tasks tasks, Faults faults) {
        this.guests = guests;
        this.launcher = launcher;
        this.containers = containers;
        this.tasks = tasks;
        this.faults = faults;
    }

    void addTo(Router router) {
        router.add("POST /nodes/{node}/lxc/{vmid}/status/start", this::start)
                .add("POST /nodes/{node}/lxc/{vmid}/status/stop", this::stop)
                .add("POST /nodes/{node}/lxc/{vmid}/status/shutdown", this::shutdown)
                .add("POST /nodes/{node}/lxc/{vmid}/status/reboot", this::reboot);
    }

    private Object start(Call call) {
        requireRoot(call);
        faults.requireQuorum();
        if (launcher.running(call.vmid())) {
            throw ApiException.failed("CT " + call.vmid() + " already running");
        }
        return beginStart(call.node(), call.vmid(), call.caller());
    }

    /** A missing guest and a locked one show only in the task, as on a real node. */
    String beginStart(String node, int vmid, Caller caller) {
        return tasks.start(
                node,
                "vzstart",
                String.valueOf(vmid),
                caller,
                log -> guests.locked(vmid, () -> {
                    Guest guest = guests.requireUnlocked(node, vmid);
                    if (launcher.running(vmid)) {
                        throw ApiException.failed("CT " + vmid + " already running");
                    }
                    launcher.start(guest, log);
                    return vmid;
                }));
    }

    private Object stop(Call call) {
        requireRoot(call);
        faults.requireQuorum();
        int vmid = call.vmid();
        requireRunning(vmid, "CT");
        return tasks.start(
                call.node(),
                "vzstop",
                String.valueOf(vmid),
                call.caller(),
                log -> guests.locked(vmid, () -> {
                    guests.requireUnlocked(call.node(), vmid);
                    kill(vmid);
                    return vmid;
                }));
    }

    private Object shutdown(Call call) {
        faults.requireQuorum();
        int vmid = call.vmid();
        requireRunning(vmid, "CT");
        Duration timeout = Duration.ofSeconds(call.number("timeout", 60));
        return tasks.start(
                call.node(),
                "vzshutdown",
                String.valueOf(vmid),
                call.caller(),
                log -> guests.locked(vmid, () -> {
                    Guest guest = guests.requireUnlocked(call.node(), vmid);
                    askToEnd(guest, timeout, call.flag("forceStop"), log);
                    return vmid;
                }));
    }

    private Object reboot(Call call) {
        faults.requireQuorum();
        int vmid = call.vmid();
        requireRunning(vmid, "VM");
        Duration timeout = Duration.ofSeconds(call.number("timeout", 60));
        return tasks.start(
                call.node(),
                "vzreboot",
                String.valueOf(vmid),
                call.caller(),
                log -> guests.locked(vmid, () -> {
                    Guest guest = guests.requireUnlocked(call.node(), vmid);
                    askToEnd(guest, timeout, true, log);
                    launcher.start(guest, log);
                    return vmid;
                }));
    }

    private void askToEnd(Guest guest, Duration timeout, boolean force, TaskLog log) throws InterruptedException {
        containers.signal(guest.vmid(), guest.rawValue("lxc.signal.halt").orElse("SIGTERM"));
        if (containers.awaitExit(guest.vmid(), timeout)) {
            return;
        }
        String failure = "command 'lxc-stop -n " + guest.vmid() + " --nokill --timeout " + timeout.toSeconds()
                + "' failed: got timeout";
        if (!force) {
            throw ApiException.failed(failure);
        }
        log.line(failure);
        kill(guest.vmid());
    }

    /** Ends the guest at once and waits until it has ended. */
    void kill(int vmid) throws InterruptedException {
        containers.signal(vmid, "SIGKILL");
        if (!containers.awaitExit(vmid, AFTER_KILL)) {
            throw ApiException.failed("CT " + vmid + " did not stop");
        }
    }

    private void requireRunning(int vmid, String kind) {
        if (!launcher.running(vmid)) {
            throw ApiException.failed(kind + " " + vmid + " not running");
        }
    }

    private static void requireRoot(Call call) {
        if (call.has("skiplock") && !call.caller().isRoot()) {
            throw ApiException.invalid("skiplock", "Only root may use this option.");
        }
    }
}

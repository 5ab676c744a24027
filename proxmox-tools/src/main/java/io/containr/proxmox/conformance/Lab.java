package io.containr.proxmox.conformance;

import io.containr.agent.proxmox.GuestPlan;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import io.containr.agent.proxmox.ProxmoxFirewall;
import io.containr.agent.proxmox.ProxmoxTransport;
import io.containr.agent.proxmox.TaskStatus;
import io.containr.agent.proxmox.Upid;
import io.containr.contracts.project.Resources;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What checks share: the cluster through the agent's own client, names of what is ours, patience with tasks. */
final class Lab {

    /** Begins the description of every guest that is ours. */
    static final String MARK = "containr conformance";

    static final String TAG = "containr-conformance";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final Target target;
    private final ProxmoxConnection connection;
    private final TestImage image;
    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    Lab(Target target, ProxmoxConnection connection, TestImage image) {
        this.target = target;
        this.connection = connection;
        this.image = image;
    }

    Target target() {
        return target;
    }

    Proxmox proxmox() {
        return connection.proxmox();
    }

    ProxmoxFirewall firewall() {
        return connection.firewall();
    }

    ProxmoxTransport http() {
        return connection.transport();
    }

    TestImage image() {
        return image;
    }

    String node() {
        return target.node();
    }

    /** One of our numbers, from 0. */
    int vmid(int index) {
        return target.firstVmid() + index;
    }

    String template() {
        return target.templateStorage() + ":vztmpl/" + image.file() + ".tar";
    }

    GuestPlan plan(int vmid) {
        return plan(vmid, template(), target.rootStorage());
    }

    GuestPlan plan(int vmid, String template, String storage) {
        return new GuestPlan(
                vmid,
                "conformance-" + vmid,
                MARK + " " + image.run(),
                target.pool(),
                template,
                storage,
                new Resources(500, 64, 256),
                target.bridge(),
                target.address(),
                target.gateway(),
                false,
                false);
    }

    void passed(Check check) {
        passed.add(check.name());
    }

    /** Skips the check that asks where another one did not pass. */
    void need(String check) {
        if (!passed.contains(check)) {
            throw new SkippedException("needs '" + check + "'");
        }
    }

    JsonNode config(int vmid) {
        return http().get("/nodes/{node}/lxc/{vmid}/config", node(), vmid);
    }

    boolean running(int vmid) {
        return proxmox().status(node(), vmid).orElseThrow().running();
    }

    /** Follows a task to its end. An answer that does not come is asked for again. */
    TaskStatus end(Upid task) throws InterruptedException {
        long deadline = System.nanoTime() + target.taskPatience().toNanos();
        Duration pause = POLL;
        while (System.nanoTime() < deadline) {
            Optional<TaskStatus> status = Optional.empty();
            try {
                status = proxmox().task(task);
            } catch (ProxmoxException e) {
                if (!e.failure().isPassing()) {
                    throw e;
                }
            }
            if (status.isPresent() && !(status.get() instanceof TaskStatus.Running)) {
                return status.get();
            }
            Thread.sleep(pause);
            pause = longer(pause);
        }
        throw new CheckFailedException(task.type() + " does not end within " + target.taskPatience());
    }

    void succeed(Upid task) throws InterruptedException {
        if (end(task) instanceof TaskStatus.Failed failed) {
            throw new CheckFailedException(task.type() + " ends with: " + failed.reason());
        }
    }

    /** Why the task failed. */
    String failure(Upid task) throws InterruptedException {
        if (end(task) instanceof TaskStatus.Failed failed) {
            return failed.reason();
        }
        throw new CheckFailedException(task.type() + " ends well");
    }

    void await(String what, Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Duration pause = POLL;
        while (!condition.getAsBoolean()) {
            CheckFailedException.unless(System.nanoTime() < deadline, what + " within " + atMost);
            Thread.sleep(pause);
            pause = longer(pause);
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : next;
    }

    /** Makes a call that has to be refused with one of these meanings; returns what was said. */
    static String refused(Supplier<?> call, ProxmoxFailure... meanings) {
        try {
            Object answer = call.get();
            throw new CheckFailedException("not refused, but answered with " + answer);
        } catch (ProxmoxException e) {
            CheckFailedException.unless(
                    Arrays.asList(meanings).contains(e.failure()),
                    "understood as " + e.failure() + " instead of " + Arrays.toString(meanings) + ": "
                            + e.getMessage());
            return e.failure() + ": " + e.getMessage();
        }
    }

    static String refused(Runnable call, ProxmoxFailure... meanings) {
        return refused(
                () -> {
                    call.run();
                    return "nothing";
                },
                meanings);
    }
}

package io.containr.bench.agent;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.simulator.task.Delays;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** What an agent costs that looks after many guests. */
public final class AgentMeasurements {

    private static final int NODES = 10;
    private static final int RESTARTS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration WARM = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final String TASKS = "/nodes/{node}/tasks?source=active";

    private final Path root;
    private final Path home;
    private final Consumer<String> say;

    /** @param home a folder for all that is made */
    public AgentMeasurements(Path root, Path home, Consumer<String> say) {
        this.root = root;
        this.home = home;
        this.say = say;
    }

    /**
     * Deployments asked for at once.
     *
     * @param mostAtOnce the most creations and starts that one node was seen to work on at the same time
     * @param nodes that got some of them
     */
    public record Burst(int count, Duration took, int mostAtOnce, int nodes) {}

    /** On nodes that are as slow as small real ones. */
    public Burst burst(int count) throws Exception {
        try (Rig rig = new Rig(root, home.resolve("burst"), NODES, Delays.realistic());
                AgentProcess agent = rig.startAgent();
                ProxmoxConnection operator = rig.operator()) {
            AtomicBoolean going = new AtomicBoolean(true);
            Map<String, Integer> most = new TreeMap<>();
            Thread watcher = Thread.ofVirtual().start(() -> {
                while (going.get()) {
                    for (int node = 1; node <= NODES; node++) {
                        most.merge("pve" + node, tasks(operator, "pve" + node), Math::max);
                    }
                    pause(BETWEEN_LOOKS);
                }
            });
            rig.ask(count);
            Duration took = rig.awaitHealthy(count, PATIENCE);
            going.set(false);
            watcher.join();
            say.accept("the agent used %.1f s of CPU".formatted(agent.cpuSeconds()));
            return new Burst(
                    count,
                    took,
                    most.values().stream().mapToInt(Integer::intValue).max().orElse(0),
                    rig.nodes());
        }
    }

    /** The nodes and whoever looks share the processors: what is measured is not to be slowed down by looking. */
    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int tasks(ProxmoxConnection operator, String node) {
        return (int) operator.transport()
                .get(TASKS, node)
                .valueStream()
                .filter(task -> task.path("endtime").isMissingNode())
                .map(task -> task.path("type").asString(""))
                .filter(type -> type.equals("vzcreate") || type.equals("vzstart"))
                .count();
    }

    /**
     * An agent with nothing to do.
     *
     * @param built how long it took until all were healthy, since those before were
     * @param cpuOfASweep seconds of processor time, with whatever else it does meanwhile
     * @param connected guests that held a connection
     */
    public record Rest(
            int guests, Duration built, double cpuOfASweep, double residentMb, double heapMb, int connected) {}

    /**
     * @param ready until it answers
     * @param steady until it has looked at all guests, and all are connected again
     */
    public record Restart(Duration ready, Duration steady) {}

    /** @param many whose guests do not hold a connection, beyond those of {@code few} */
    public record Looked(Rest few, List<Restart> restarts, Rest many) {}

    /** Few guests, restarts, then many. */
    public Looked look(int few, int many) throws Exception {
        try (Rig rig = new Rig(root, home.resolve("rest"), NODES, Delays.none())) {
            Rest first;
            try (AgentProcess agent = rig.startAgent()) {
                first = rest(rig, agent, few, 0);
            }
            List<Restart> restarts = new ArrayList<>();
            while (restarts.size() < RESTARTS - 1) {
                restarted(rig, few, restarts).close();
            }
            try (AgentProcess agent = restarted(rig, few, restarts)) {
                rig.guests().connecting(false);
                return new Looked(first, restarts, rest(rig, agent, many, few));
            }
        }
    }

    /** Returns once it is steady. */
    private AgentProcess restarted(Rig rig, int guests, List<Restart> restarts) throws IOException {
        long begin = System.nanoTime();
        AgentProcess agent = rig.startAgent();
        Duration ready = Duration.ofNanos(System.nanoTime() - begin);
        Awaitility.await("all guests are connected again")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> rig.guests().connected() == guests && agent.looks() > 0 && rig.healthy() == guests);
        Restart restart = new Restart(ready, Duration.ofNanos(System.nanoTime() - begin));
        say.accept("restart: ready after %d ms, steady after %d ms"
                .formatted(ready.toMillis(), restart.steady().toMillis()));
        restarts.add(restart);
        return agent;
    }

    private Rest rest(Rig rig, AgentProcess agent, int guests, int before) throws Exception {
        rig.ask(guests - before);
        Duration built = rig.awaitHealthy(guests, PATIENCE);
        say.accept("%,d guests after %.1f s".formatted(guests, built.toMillis() / 1e3));
        Thread.sleep(WARM);
        double cpu = agent.cpuSeconds();
        double looks = agent.looks();
        Thread.sleep(WINDOW);
        // The search for orphans looks, too, every other time.
        double sweeps = Math.max(1, agent.looks() - looks - 0.5);
        double used = agent.cpuSeconds() - cpu;
        AgentProcess.Memory memory = agent.memory();
        say.accept("%.2f s of CPU in %d s, %.0f sweeps; %.0f MB resident, %.0f MB of heap in use"
                .formatted(used, WINDOW.toSeconds(), sweeps, memory.residentMb(), memory.heapMb()));
        return new Rest(
                guests,
                built,
                used / sweeps,
                memory.residentMb(),
                memory.heapMb(),
                rig.guests().connected());
    }
}

package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.bench.agent.AgentMeasurements;
import io.containr.bench.agent.AgentMeasurements.Burst;
import io.containr.bench.agent.AgentMeasurements.Looked;
import io.containr.bench.agent.AgentMeasurements.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.util.FileUtils;

/**
 * What the agent costs, as a process of its own before ten nodes whose guests run in name only: at rest with a thousand and ten thousand
 * guests, after a restart, and while 200 deployments are asked for at once.
 */
final class AgentScenario implements Scenario {

    private static final int TIMES = 10;
    private static final int ONE_IN_FIVE = 5;
    private static final int TASKS_PER_NODE = 4;

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String title() {
        return "The agent with many guests";
    }

    @Override
    public boolean needsPlatform() {
        return false;
    }

    @Override
    public void run(World world, Report report) throws Exception {
        Path home = Files.createTempDirectory("containr-bench-agent-");
        try {
            AgentMeasurements agent = new AgentMeasurements(world.installation().root(), home, world::say);
            burst(agent.burst(world.guests() / ONE_IN_FIVE), report);
            look(agent.look(world.guests(), world.guests() * TIMES), report);
        } finally {
            FileUtils.delete(home.toFile(), FileUtils.RECURSIVE | FileUtils.IGNORE_ERRORS);
        }
    }

    private static void burst(Burst burst, Report report) {
        double seconds = burst.took().toMillis() / 1e3;
        report.table(
                        "Deployments asked for at once, on nodes as slow as real ones (2.5 s to create, 1.5 s to start a guest)",
                        "deployments",
                        "all healthy after s",
                        "a second",
                        "nodes",
                        "most tasks of a node at once")
                .row(burst.count(), seconds, burst.count() / seconds, burst.nodes(), burst.mostAtOnce());
        report.atMost("creations and starts of one node at once", burst.mostAtOnce(), TASKS_PER_NODE, "tasks");
    }

    private static void look(Looked looked, Report report) {
        String few = "%,d".formatted(looked.few().guests());
        String many = "%,d".formatted(looked.many().guests());
        Table table = report.table(
                "Nothing to do",
                "guests",
                "connected",
                "all healthy after s",
                "CPU of a sweep s",
                "resident MB",
                "heap MB");
        for (Rest rest : List.of(looked.few(), looked.many())) {
            table.row(
                    rest.guests(),
                    rest.connected(),
                    rest.built().toMillis() / 1e3,
                    rest.cpuOfASweep(),
                    rest.residentMb(),
                    rest.heapMb());
        }
        Times ready = new Times();
        Times steady = new Times();
        looked.restarts().forEach(restart -> {
            ready.add(restart.ready().toNanos());
            steady.add(restart.steady().toNanos());
        });
        report.table("Restarts with " + few + " guests", "n", "ready after s, median", "steady after s, median", "max")
                .row(steady.count(), ready.median() / 1e3, steady.median() / 1e3, steady.max() / 1e3);
        report.atMost(
                "CPU of a sweep that finds nothing to do, " + few + " guests",
                looked.few().cpuOfASweep(),
                2,
                "s");
        report.atMost("memory of the agent, " + few + " guests", looked.few().residentMb(), 300, "MB");
        report.atMost(
                "restart of the agent to steady state, " + few + " guests, median", steady.median() / 1e3, 10, "s");
        report.atMost(
                "CPU of a sweep, " + many + " guests over ten times that of " + few,
                looked.many().cpuOfASweep() / looked.few().cpuOfASweep() / TIMES,
                1,
                "times");
    }
}

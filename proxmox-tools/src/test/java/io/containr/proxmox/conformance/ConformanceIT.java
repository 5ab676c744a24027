package io.containr.proxmox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.proxmox.conformance.Result.Outcome;
import io.containr.simulator.fault.CallFault;
import io.containr.simulator.fault.CallFault.Behaviour;
import io.containr.simulator.fault.TaskFault;
import io.containr.simulator.task.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The suite that a real cluster is examined with, on the simulator. */
class ConformanceIT {

    private static final Delays QUICK = new Delays(Map.of("vzdump", Duration.ofMillis(700)), Duration.ZERO);

    @Test
    void theSimulatorBehavesAsTheAgentTakesForGranted() throws Exception {
        try (SimulatedTarget simulated = SimulatedTarget.start(QUICK)) {
            List<Result> results = run(simulated.target(Duration.ofSeconds(10), Duration.ofSeconds(60)), Set.of());
            assertThat(results).hasSizeGreaterThan(60).allMatch(result -> result.outcome() == Outcome.PASSED);
            assertThat(simulated.simulator().network()).isNotNull();
        }
    }

    /** A start of 60 s and answers of 5 s, twenty times as quick; the client's patience of 40 s and the suite's of 10 min likewise. */
    @Test
    void aSlowNodePasses() throws Exception {
        Delays slow = new Delays(
                Map.of("vzstart", Duration.ofSeconds(3), "vzcreate", Duration.ofSeconds(1)), Duration.ofMillis(150));
        try (SimulatedTarget simulated = SimulatedTarget.start(slow)) {
            Target target = simulated.target(Duration.ofSeconds(2), Duration.ofSeconds(30));
            simulated
                    .simulator()
                    .faults()
                    .add(CallFault.of(".*", ".*", Integer.MAX_VALUE, new Behaviour.Late(Duration.ofMillis(250))));
            List<Result> results = run(target, Set.of("image", "guest"));
            assertThat(results).hasSizeGreaterThan(20).allMatch(result -> result.outcome() == Outcome.PASSED);
        }
    }

    @Test
    void aFailureIsToldAndLeavesNothing() throws Exception {
        try (SimulatedTarget simulated = SimulatedTarget.start(Delays.none())) {
            Target target = simulated.target(Duration.ofSeconds(10), Duration.ofSeconds(60));
            simulated
                    .simulator()
                    .faults()
                    .add(TaskFault.of("vzstart", ".*", 1, TaskFault.Behaviour.FAIL, "no such luck"));
            List<Result> results = run(target, Set.of("image", "guest"));
            assertThat(results)
                    .filteredOn(result -> result.outcome() == Outcome.FAILED)
                    .singleElement()
                    .satisfies(result -> assertThat(result.seen()).contains("no such luck"));
            assertThat(results)
                    .filteredOn(result -> result.outcome() == Outcome.SKIPPED)
                    .extracting(Result::check)
                    .contains("it has its address");
            assertThat(results.getLast())
                    .matches(result ->
                            result.outcome() == Outcome.PASSED && !result.seen().startsWith("0 "));
        }
    }

    private static List<Result> run(Target target, Set<String> groups) throws Exception {
        return new Conformance(
                        target,
                        group -> groups.isEmpty() || groups.contains(group),
                        result -> System.out.println(ResultTable.line(result)))
                .run();
    }
}

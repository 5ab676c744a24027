package io.containr.bench;

import java.util.List;

/** All scenarios in the order in which they run; a new one gets a line here. */
final class Scenarios {

    static final List<Scenario> ALL = List.of(
            new StartScenario(),
            new DeployScenario(),
            new RedeployScenario(),
            new KillScenario(),
            new LatencyScenario(),
            new ApiScenario(),
            new StormScenario(),
            new ListScenario(),
            new AgentScenario(),
            new DatabaseScenario());

    private Scenarios() {}

    static List<Scenario> named(List<String> names) {
        for (String name : names) {
            if (ALL.stream().noneMatch(scenario -> scenario.name().equals(name))) {
                throw new IllegalArgumentException("no scenario is called " + name + "; 'list' names them");
            }
        }
        return ALL.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }
}

package io.containr.standalone;

import io.containr.standalone.Contract.Operation;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which operations were seen to answer with which statuses, as {@code docs/contract.md} shows it. */
final class ContractTable {

    private final Map<String, Set<Integer>> seen = new TreeMap<>();

    void note(Operation operation, int status) {
        seen.computeIfAbsent(operation.name(), name -> new TreeSet<>()).add(status);
    }

    Set<Integer> of(Operation operation) {
        return seen.getOrDefault(operation.name(), Set.of());
    }

    String markdown(Contract contract) {
        StringBuilder text = new StringBuilder("""
                # The REST contract, as it was seen to be kept

                Written by the end-to-end test `ContractE2E`, which drives every operation through the gateway against the
                whole platform and holds each request and answer against the served contract (strictly: a field or status
                that it does not describe is a failure) and against the original one. **Bold** operations are the original's.
                Statuses in the last column are driven in `OwnClusterE2E` and held against the contract the same way: 429 and 503
                of every operation, and 403 of a registration where none is open.

                | operation | statuses exercised | described, not exercised |
                |---|---|---|
                """);
        for (Operation operation : contract.operations()) {
            Set<Integer> exercised = of(operation);
            String rest = operation.statuses().stream()
                    .filter(status -> !exercised.contains(Integer.parseInt(status)))
                    .collect(Collectors.joining(", "));
            String name = contract.isOriginal(operation) ? "**" + operation.name() + "**" : operation.name();
            text.append("| ")
                    .append(name)
                    .append(" | ")
                    .append(exercised.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                    .append(" | ")
                    .append(rest)
                    .append(" |\n");
        }
        return text.toString();
    }
}

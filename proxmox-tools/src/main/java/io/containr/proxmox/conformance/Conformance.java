package io.containr.proxmox.conformance;

import io.containr.agent.proxmox.ProxmoxConnection;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.proxmox.conformance.Result.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds out whether a Proxmox VE behaves as the agent takes for granted, by the agent's own client. Checks go in an order and build upon
 * one another; one that cannot be made because another failed is skipped. What was made is removed at the end, whatever happens.
 */
public final class Conformance {

    private final Target target;
    private final Predicate<String> groups;
    private final Consumer<Result> progress;

    /**
     * @param groups names of those to run
     * @param progress is told of every result as it comes
     */
    public Conformance(Target target, Predicate<String> groups, Consumer<Result> progress) {
        this.target = target;
        this.groups = groups;
        this.progress = progress;
    }

    /** @throws Exception if the suite cannot begin at all */
    public List<Result> run() throws Exception {
        TestImage image = TestImage.publish(target.registry());
        try (ProxmoxConnection connection =
                ProxmoxConnection.open(target.endpoint(), ProxmoxConnection.token(target.token()))) {
            Lab lab = new Lab(target, connection, image);
            List<Result> results = new ArrayList<>();
            Result before = sweep(lab, "what an earlier run left is removed");
            report(results, before);
            if (before.outcome() == Outcome.FAILED) {
                return results;
            }
            try {
                checks(lab)
                        .filter(check -> groups.test(check.group()))
                        .forEach(check -> report(results, carryOut(lab, check)));
            } finally {
                report(results, sweep(lab, "nothing is left"));
            }
            return results;
        }
    }

    private static Stream<Check> checks(Lab lab) {
        return Stream.of(
                        new AccessChecks(lab).all(),
                        new ClusterChecks(lab).all(),
                        new TemplateChecks(lab).all(),
                        new GuestChecks(lab).all(),
                        new TaskChecks(lab).all(),
                        new VolumeChecks(lab).all(),
                        new CopyChecks(lab).all(),
                        new FirewallChecks(lab).all(),
                        new FaultChecks(lab).all())
                .flatMap(List::stream);
    }

    private void report(List<Result> results, Result result) {
        results.add(result);
        progress.accept(result);
    }

    private static Result carryOut(Lab lab, Check check) {
        long begun = System.nanoTime();
        Outcome outcome;
        String seen;
        try {
            seen = check.work().run();
            outcome = Outcome.PASSED;
            lab.passed(check);
        } catch (SkippedException e) {
            outcome = Outcome.SKIPPED;
            seen = String.valueOf(e.getMessage());
        } catch (CheckFailedException | ProxmoxException e) {
            outcome = Outcome.FAILED;
            seen = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.FAILED;
            seen = "interrupted";
        } catch (Exception e) {
            outcome = Outcome.FAILED;
            seen = e.toString();
        }
        return new Result(check.group(), check.name(), outcome, Duration.ofNanos(System.nanoTime() - begun), seen);
    }

    private static Result sweep(Lab lab, String name) {
        return carryOut(lab, new Check("sweep", name, () -> {
            List<String> failures = new ArrayList<>();
            List<String> removed = new Sweep(lab).run(failures);
            CheckFailedException.unless(failures.isEmpty(), failures.toString());
            return removed.size() + " removed";
        }));
    }
}

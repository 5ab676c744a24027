package io.containr.deploy.rollout;

import io.containr.contracts.ids.InstanceId;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.rollout.Observed.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A service that was deleted or stopped comes to its end or to rest. */
final class EndOfService {

    private EndOfService() {}

    static Optional<Step> decide(Situation situation) {
        if (!situation.desired.exists()) {
            return deleted(situation);
        }
        return situation.desired.running() ? Optional.empty() : stopped(situation);
    }

    private static Optional<Step> deleted(Situation situation) {
        for (Attempt attempt : situation.observed.attempts()) {
            return Optional.of(new Step.Cancel(attempt.id(), "The service was deleted."));
        }
        if (situation.route().generation() > 0) {
            return Optional.of(new Step.WithdrawRoute());
        }
        List<Instance> instances = situation.observed.instances();
        Set<InstanceId> wanted =
                instances.stream().filter(Instance::wanted).map(Instance::id).collect(Collectors.toSet());
        if (!wanted.isEmpty()) {
            return Optional.of(new Step.RemoveInstances(wanted, Duration.ZERO));
        }
        return instances.isEmpty() ? Optional.of(new Step.Forget()) : Optional.empty();
    }

    private static Optional<Step> stopped(Situation situation) {
        for (Attempt attempt : situation.observed.attempts()) {
            return Optional.of(new Step.Cancel(attempt.id(), "The service was stopped."));
        }
        if (!situation.route().targets().isEmpty()) {
            return Optional.of(new Step.PublishRoute(List.of(), null));
        }
        boolean seen =
                situation.rollout().stopped() && situation.rollout().restartsSeen() >= situation.desired.restarts();
        return seen ? Optional.empty() : Optional.of(new Step.NoteStopped());
    }
}

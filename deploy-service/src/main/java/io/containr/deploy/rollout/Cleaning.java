package io.containr.deploy.rollout;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.rollout.Observed.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Instances that nobody needs go; one that had traffic not before every living gateway has left it, and then after a drain. */
final class Cleaning {

    private Cleaning() {}

    static Optional<Step> decide(Situation situation) {
        Set<InstanceId> needed = new HashSet<>();
        needed.addAll(ids(KeepServing.kept(situation)));
        situation.rolling().map(Attempt::id).ifPresent(id -> needed.addAll(ids(situation.wantedOf(id))));
        situation.route().targets().stream().map(Target::instance).forEach(needed::add);
        List<Instance> useless = situation.observed.instances().stream()
                .filter(Instance::wanted)
                .filter(instance -> !needed.contains(instance.id()))
                .toList();
        return remove(useless.stream().filter(instance -> !drains(instance)).toList(), Duration.ZERO)
                .or(() -> drain(
                        situation, useless.stream().filter(Cleaning::drains).toList()))
                .or(() -> askAgain(situation));
    }

    private static boolean drains(Instance instance) {
        return instance.routed() && !instance.state().gone();
    }

    private static Optional<Step> drain(Situation situation, List<Instance> instances) {
        return instances.isEmpty() || !situation.routeArrived()
                ? Optional.empty()
                : remove(instances, situation.patience.drain());
    }

    private static Optional<Step> askAgain(Situation situation) {
        Duration patience =
                situation.patience.removal().plus(situation.patience.drain()).plus(situation.patience.stopGrace());
        return remove(
                situation.observed.instances().stream()
                        .filter(instance -> !instance.wanted())
                        .filter(instance -> {
                            Instant asked = instance.removalAt();
                            return asked == null || situation.passed(asked, patience);
                        })
                        .toList(),
                Duration.ZERO);
    }

    private static Optional<Step> remove(Collection<Instance> instances, Duration drain) {
        return instances.isEmpty() ? Optional.empty() : Optional.of(new Step.RemoveInstances(ids(instances), drain));
    }

    private static Set<InstanceId> ids(Collection<Instance> instances) {
        return instances.stream().map(Instance::id).collect(Collectors.toSet());
    }
}

package io.containr.deploy.rollout;

import io.containr.contracts.route.Route.Target;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Serving;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What serves is kept serving: instances that died are replaced, with growing pauses, and the route leads to healthy ones.
 *
 * <p>Instances with a volume take turns: the newest that can start has it, and the one before it stops for that, until it gets the volume
 * back. So an unhealthy one may only have lent its volume or be recovering its data, and is not replaced; and while a rollout
 * is in progress none is, since a newer instance would take the volume from the one being rolled out.
 */
final class KeepServing {

    /** Replacements that far apart have nothing to do with each other. */
    private static final Duration SPELL = Duration.ofMinutes(10);

    private KeepServing() {}

    static Optional<Step> decide(Situation situation) {
        if (!situation.desired.exists() || !situation.desired.running() || routeIsMoving(situation)) {
            return Optional.empty();
        }
        return replace(situation).or(() -> route(situation));
    }

    /** The instances of what serves that are to stay: of several, those that are healthy, and of those the newest. */
    static List<Instance> kept(Situation situation) {
        Serving serving = situation.serving();
        if (serving == null || !situation.desired.running() || !serving.plan().runs()) {
            return List.of();
        }
        List<Instance> usable = situation.wantedOf(serving.deployment()).stream()
                .filter(instance -> !instance.state().gone())
                .filter(instance -> !situation.overdue(instance, serving.plan().healthTimeout()))
                .toList();
        List<Instance> healthy = usable.stream().filter(Instance::healthy).toList();
        int replicas = situation.desired.replicas();
        return healthy.size() < replicas ? usable : healthy.subList(healthy.size() - replicas, healthy.size());
    }

    private static boolean routeIsMoving(Situation situation) {
        return situation.rolling().map(Attempt::id).filter(situation::routeIsOf).isPresent();
    }

    private static Optional<Step> replace(Situation situation) {
        Serving serving = situation.serving();
        if (serving == null || !serving.plan().runs() || situation.rollout().stopped()) {
            return Optional.empty();
        }
        if (serving.plan().keepsVolume() && situation.rolling().isPresent()) {
            return Optional.empty();
        }
        long hopeful = kept(situation).stream()
                .filter(instance -> serving.plan().keepsVolume()
                        || instance.state() != InstanceState.UNHEALTHY
                        || !situation.passed(instance.stateAt(), situation.patience.unhealthy()))
                .count();
        int missing = (int) (situation.desired.replicas() - hopeful);
        if (missing <= 0) {
            return Optional.empty();
        }
        Instant last = situation.rollout().replacedAt();
        int inARow = last == null || !situation.now().isBefore(last.plus(SPELL))
                ? 0
                : situation.rollout().replacements();
        if (last != null && inARow > 0 && !situation.passed(last.plus(pause(situation, inARow)))) {
            return Optional.empty();
        }
        return Optional.of(new Step.Replace(missing, inARow + 1));
    }

    private static Duration pause(Situation situation, int inARow) {
        Duration longest = situation.patience.longestReplacementPause();
        Duration pause = situation.patience.replacementPause().multipliedBy(1L << Math.min(inARow - 1, 16));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    private static Optional<Step> route(Situation situation) {
        Serving serving = situation.serving();
        List<Target> targets = serving == null || !serving.plan().routed() ? List.of() : targets(kept(situation));
        return sameTargets(targets, situation.route().targets())
                ? Optional.empty()
                : Optional.of(new Step.PublishRoute(targets, null));
    }

    /** Healthy ones; where there are none, those that may become healthy again rather than none at all. */
    private static List<Target> targets(List<Instance> kept) {
        List<Target> healthy = targets(kept, InstanceState.HEALTHY);
        return healthy.isEmpty() ? targets(kept, InstanceState.UNHEALTHY) : healthy;
    }

    private static List<Target> targets(List<Instance> kept, InstanceState state) {
        return kept.stream()
                .filter(instance -> instance.state() == state)
                .map(Instance::target)
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean sameTargets(List<Target> some, List<Target> others) {
        return some.size() == others.size() && some.containsAll(others);
    }
}

package io.containr.deploy.rollout;

import io.containr.contracts.route.Route.Target;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Serving;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What serves is kept serving, by as many instances as are wanted: those that died are replaced, with growing pauses, those whose node is
 * being emptied are moved, one at a time, and the route leads to healthy ones.
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
        return scale(situation)
                .or(() -> replace(situation))
                .or(() -> route(situation))
                .or(() -> move(situation));
    }

    /**
     * The instances of what serves that are to stay: of several, those that are healthy, and of those the newest. One that has to leave
     * its node stays until another is healthy in its place.
     */
    static List<Instance> kept(Situation situation) {
        return kept(situation, situation.rollout().replicas());
    }

    private static List<Instance> kept(Situation situation, int replicas) {
        Serving serving = situation.serving();
        if (serving == null || !situation.desired.running() || !serving.plan().runs()) {
            return List.of();
        }
        List<Instance> usable = situation.wantedOf(serving.deployment()).stream()
                .filter(instance -> !instance.state().gone())
                .filter(instance -> mayWait(situation, serving)
                        || !situation.overdue(instance, serving.plan().healthTimeout()))
                .toList();
        List<Instance> healthy = usable.stream()
                .filter(instance -> instance.healthy() && !instance.leaving())
                .toList();
        if (healthy.size() >= replicas) {
            return newest(healthy, replicas);
        }
        List<Instance> leaving = usable.stream()
                .filter(Instance::leaving)
                .sorted(Comparator.comparing(Instance::healthy))
                .toList();
        List<Instance> needed = newest(leaving, replicas - healthy.size());
        return usable.stream()
                .filter(instance -> !instance.leaving() || needed.contains(instance))
                .toList();
    }

    /** Nothing is put in its place now, and it gets the volume back if the rollout fails. */
    private static boolean mayWait(Situation situation, Serving serving) {
        return serving.plan().keepsVolume() && situation.rolling().isPresent();
    }

    private static List<Instance> newest(List<Instance> instances, int count) {
        return instances.subList(Math.max(0, instances.size() - count), instances.size());
    }

    private static boolean routeIsMoving(Situation situation) {
        return situation.rolling().map(Attempt::id).filter(situation::routeIsOf).isPresent();
    }

    /** What serves; empty where nothing does, or what does has no instances of its own or is about to be started anew. */
    private static Optional<Serving> running(Situation situation) {
        return Optional.ofNullable(situation.serving())
                .filter(serving -> serving.plan().runs() && !situation.rollout().stopped());
    }

    /** A rollout brings as many as are wanted; what served before is scaled no more. */
    private static Optional<Step> scale(Situation situation) {
        int wanted = situation.desired.replicas();
        return running(situation)
                .filter(serving -> situation.rolling().isEmpty())
                .filter(serving -> wanted != situation.rollout().replicas())
                .map(serving -> new Step.Scale(wanted, Math.max(0, wanted - hopeful(situation, serving, wanted))));
    }

    private static Optional<Step> replace(Situation situation) {
        return running(situation)
                .filter(serving -> !mayWait(situation, serving))
                .flatMap(serving -> {
                    int replicas = situation.rollout().replicas();
                    int missing = replicas - hopeful(situation, serving, replicas);
                    return missing <= 0 ? Optional.empty() : replace(situation, missing, inARow(situation));
                });
    }

    private static Optional<Step> replace(Situation situation, int instances, int inARow) {
        Instant last = situation.rollout().replacedAt();
        return last != null && inARow > 0 && !situation.passed(last.plus(pause(situation, inARow)))
                ? Optional.empty()
                : Optional.of(new Step.Replace(instances, inARow + 1));
    }

    private static int hopeful(Situation situation, Serving serving, int replicas) {
        return (int) kept(situation, replicas).stream()
                .filter(instance -> serving.plan().keepsVolume()
                        || instance.state() != InstanceState.UNHEALTHY
                        || !situation.passed(instance.stateAt(), situation.patience.unhealthy()))
                .count();
    }

    private static int inARow(Situation situation) {
        Instant last = situation.rollout().replacedAt();
        return last == null || !situation.now().isBefore(last.plus(SPELL))
                ? 0
                : situation.rollout().replacements();
    }

    /** The next one, when the one before is healthy, has its traffic, and whom it replaced is about to go. */
    private static Optional<Step> move(Situation situation) {
        return running(situation)
                .filter(serving ->
                        !serving.plan().keepsVolume() && situation.rolling().isEmpty())
                .flatMap(serving -> {
                    List<Instance> wanted = situation.wantedOf(serving.deployment());
                    List<Instance> kept = kept(situation);
                    boolean atRest = kept.size() == wanted.size()
                            && kept.stream().allMatch(instance -> instance.leaving() || instance.healthy());
                    return atRest && kept.stream().anyMatch(Instance::leaving)
                            ? replace(situation, 1, lastIsHealthy(situation, wanted) ? 0 : inARow(situation))
                            : Optional.empty();
                });
    }

    private static boolean lastIsHealthy(Situation situation, List<Instance> wanted) {
        Instant last = situation.rollout().replacedAt();
        return last != null
                && wanted.stream()
                        .anyMatch(instance -> instance.healthy()
                                && !instance.leaving()
                                && !instance.createdAt().isBefore(last));
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

package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.InstanceState;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Plan;
import io.containr.deploy.route.Gateway;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one rollout in progress. Its first instance has to become healthy before others are started, so that a release that does not work
 * takes up the room of one. While it lasts, what served before is left alone, and the route leaves it only for instances
 * that are all healthy; so a rollout that fails costs nothing but its own instances.
 */
final class RollingOut {

    private RollingOut() {}

    static Optional<Step> decide(Situation situation) {
        return situation.rolling().flatMap(attempt -> {
            Plan plan = attempt.plan();
            return plan == null ? Optional.empty() : decide(situation, attempt, plan);
        });
    }

    private static Optional<Step> decide(Situation situation, Attempt attempt, Plan plan) {
        List<Instance> instances = situation.wantedOf(attempt.id());
        Optional<Instance> dead =
                instances.stream().filter(instance -> instance.state().gone()).findFirst();
        if (dead.isPresent()) {
            return fail(attempt, failureOf(dead.get()));
        }
        if (instances.isEmpty()) {
            return fail(attempt, new Failure("INSTANCE_LOST", "Its instances went away."));
        }
        if (!instances.stream().allMatch(Instance::healthy)) {
            return unhealthy(situation, attempt, plan, instances);
        }
        int missing = situation.desired.replicas() - instances.size();
        if (missing > 0 && !situation.routeIsOf(attempt.id())) {
            return Optional.of(new Step.ExtendRollout(attempt.id(), missing));
        }
        return plan.routed()
                ? route(situation, attempt, instances)
                : Optional.of(new Step.Complete(attempt.id(), null));
    }

    private static Optional<Step> unhealthy(Situation situation, Attempt attempt, Plan plan, List<Instance> instances) {
        if (situation.routeIsOf(attempt.id())) {
            String message = "An instance stopped answering its health check while the route moved to it.";
            return fail(attempt, new Failure("HEALTH_CHECK_FAILED", message));
        }
        boolean started = instances.stream().noneMatch(instance -> instance.state() == InstanceState.PLANNED);
        Instant asked = instances.getLast().createdAt();
        if (situation.passed(asked, situation.patience.start().plus(plan.healthTimeout()))) {
            return fail(
                    attempt,
                    started
                            ? new Failure(
                                    "HEALTH_CHECK_FAILED",
                                    "It runs, but did not become healthy within "
                                            + Words.of(
                                                    situation.patience.start().plus(plan.healthTimeout())) + ".")
                            : new Failure(
                                    "START_TIMEOUT",
                                    "No instance was running within "
                                            + Words.of(
                                                    situation.patience.start().plus(plan.healthTimeout())) + "."));
        }
        return explain(attempt, started ? "Waits for its instances to become healthy." : "Starts its instances.");
    }

    private static Optional<Step> route(Situation situation, Attempt attempt, List<Instance> instances) {
        List<Target> targets = instances.stream()
                .map(Instance::target)
                .filter(Objects::nonNull)
                .toList();
        if (targets.size() < instances.size()) {
            return fail(
                    attempt, new Failure("INSTANCE_UNREACHABLE", "An instance has no address to send requests to."));
        }
        Instant publishedAt = situation.route().publishedAt();
        if (!situation.routeIsOf(attempt.id()) || !situation.route().targets().equals(targets) || publishedAt == null) {
            return Optional.of(new Step.PublishRoute(targets, attempt.id()));
        }
        if (situation.livingGateways().isEmpty()) {
            return situation.passed(publishedAt, situation.patience.noGateway())
                    ? Optional.of(new Step.Complete(
                            attempt.id(), "No gateway is running; the first one to start will serve it."))
                    : explain(attempt, "Waits for a gateway: none is running.");
        }
        List<Gateway> lagging = situation.laggingGateways();
        if (lagging.isEmpty()) {
            return Optional.of(new Step.Complete(attempt.id(), null));
        }
        String names = lagging.stream().map(Gateway::id).collect(Collectors.joining(", "));
        if (situation.passed(publishedAt, situation.patience.route())) {
            String message =
                    "The route was not served within " + Words.of(situation.patience.route()) + " by " + names + ".";
            return fail(attempt, new Failure("ROUTE_NOT_SERVED", message));
        }
        return explain(attempt, "Waits for the route to be served by " + names + ".");
    }

    private static Failure failureOf(Instance instance) {
        Failure failure = instance.failure();
        String code = failure == null ? "INSTANCE_FAILED" : failure.code();
        StringBuilder message = new StringBuilder(failure == null ? "An instance failed." : failure.message());
        if (instance.lastExit() != null && !message.toString().contains(instance.lastExit())) {
            message.append("\nIt ended with ").append(instance.lastExit()).append('.');
        }
        if (!instance.lastLines().isEmpty()) {
            message.append("\nIts last lines:");
            instance.lastLines().forEach(line -> message.append('\n').append(line));
        }
        return new Failure(code, message.toString());
    }

    private static Optional<Step> fail(Attempt attempt, Failure failure) {
        return Optional.of(new Step.Fail(attempt.id(), failure));
    }

    private static Optional<Step> explain(Attempt attempt, String reason) {
        return reason.equals(attempt.reason()) ? Optional.empty() : Optional.of(new Step.Explain(attempt.id(), reason));
    }
}

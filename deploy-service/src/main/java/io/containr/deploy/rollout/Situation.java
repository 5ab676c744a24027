package io.containr.deploy.rollout;

import io.containr.contracts.ids.DeploymentId;
import io.containr.deploy.DeployProperties.Patience;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Serving;
import io.containr.deploy.rollout.Rollout.PublishedRoute;
import io.containr.deploy.route.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at a service: what is wanted, what is, and what time it is. Collects when the next look is due. */
final class Situation {

    final Desired desired;
    final Observed observed;
    final Patience patience;
    private final Instant now;
    private @Nullable Instant due;

    Situation(Desired desired, Observed observed, Patience patience, Instant now) {
        this.desired = desired;
        this.observed = observed;
        this.patience = patience;
        this.now = now;
    }

    /** Whether that time has come; if not, it is when to look again at the latest. */
    boolean passed(Instant deadline) {
        if (!now.isBefore(deadline)) {
            return true;
        }
        if (due == null || deadline.isBefore(due)) {
            due = deadline;
        }
        return false;
    }

    boolean passed(Instant since, Duration time) {
        return passed(since.plus(time));
    }

    @Nullable
    Instant due() {
        return due;
    }

    Instant now() {
        return now;
    }

    Rollout rollout() {
        return observed.rollout();
    }

    PublishedRoute route() {
        return observed.rollout().route();
    }

    @Nullable
    Serving serving() {
        return observed.serving();
    }

    Optional<Attempt> newest() {
        return observed.attempts().isEmpty()
                ? Optional.empty()
                : Optional.of(observed.attempts().getLast());
    }

    /** The one whose instances start or whose route moves. */
    Optional<Attempt> rolling() {
        return observed.attempts().stream()
                .filter(attempt -> attempt.status() == DeploymentStatus.DEPLOYING)
                .findFirst();
    }

    /** Whether the route was published for that deployment's sake. */
    boolean routeIsOf(DeploymentId deployment) {
        return deployment.equals(route().owner());
    }

    List<Instance> wantedOf(DeploymentId deployment) {
        return observed.instances().stream()
                .filter(Instance::wanted)
                .filter(instance -> instance.deployment().equals(deployment))
                .toList();
    }

    List<Gateway> livingGateways() {
        return observed.gateways().stream()
                .filter(gateway -> !passed(gateway.aliveAt(), patience.gatewayAlive()))
                .toList();
    }

    List<Gateway> laggingGateways() {
        return livingGateways().stream()
                .filter(gateway -> gateway.served() < route().generation())
                .toList();
    }

    /** Whether every gateway that lives serves the route, or there was time enough for it. */
    boolean routeArrived() {
        Instant publishedAt = route().publishedAt();
        if (publishedAt == null) {
            return true;
        }
        if (livingGateways().isEmpty()) {
            return passed(publishedAt, patience.noGateway());
        }
        return laggingGateways().isEmpty() || passed(publishedAt, patience.route());
    }

    /** Whether an instance can still become healthy, as far as time goes. */
    boolean overdue(Instance instance, Duration healthTimeout) {
        return switch (instance.state()) {
            case PLANNED, STARTED ->
                passed(instance.createdAt(), patience.start().plus(healthTimeout));
            case HEALTHY, UNHEALTHY, FAILED, LOST -> false;
        };
    }
}

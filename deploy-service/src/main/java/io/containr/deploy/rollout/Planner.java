package io.containr.deploy.rollout;

import io.containr.deploy.DeployProperties.Patience;
import io.containr.deploy.rollout.Observed.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides. Pure: the same look at a service always leads to the same step, whatever happened before, so that it does not
 * matter where a crash, a repeated message or another copy of this service came in between.
 *
 * <p>The rules stand in order of urgency, and the first that has something to do decides:
 *
 * <ol>
 *   <li>a deleted service is taken apart, a stopped one comes to rest;
 *   <li>a wish to start or restart becomes a deployment;
 *   <li>of several deployments the newest counts; a rollout whose route has moved is finished first, any other is overtaken;
 *   <li>the newest is built and becomes a release;
 *   <li>the one rollout in progress starts its instances beside those that serve, moves the route when all are healthy, and is
 *       complete when every living gateway serves it;
 *   <li>what serves is kept serving: dead instances are replaced, the route leads to healthy ones;
 *   <li>what nobody needs goes, but not before the route has left it everywhere;
 *   <li>the state of the service is announced.
 * </ol>
 */
final class Planner {

    private static final List<Function<Situation, Optional<Step>>> RULES = List.of(
            EndOfService::decide,
            Wishes::decide,
            Succession::decide,
            Preparation::decide,
            RollingOut::decide,
            KeepServing::decide,
            Cleaning::decide,
            Planner::announce);

    private final Patience patience;

    Planner(Patience patience) {
        this.patience = patience;
    }

    Step decide(Desired desired, Observed observed, Instant now) {
        Situation situation = new Situation(desired, observed, patience, now);
        for (Function<Situation, Optional<Step>> rule : RULES) {
            Optional<Step> step = rule.apply(situation);
            if (step.isPresent()) {
                return step.get();
            }
        }
        Instant due = situation.due();
        if (due != null) {
            return new Step.Wait(due);
        }
        return unfinished(situation) ? new Step.Wait(now.plus(patience.removal())) : new Step.Settled();
    }

    /** Something is still awaited, though no time is set for it. */
    private static boolean unfinished(Situation situation) {
        return !situation.desired.exists() || !situation.observed.attempts().isEmpty();
    }

    private static Optional<Step> announce(Situation situation) {
        ServiceState state = state(situation);
        return situation.desired.exists() && state != situation.rollout().state()
                ? Optional.of(new Step.Announce(state))
                : Optional.empty();
    }

    private static ServiceState state(Situation situation) {
        List<Attempt> attempts = situation.observed.attempts();
        if (!attempts.isEmpty()) {
            return ServiceState.BUILDING;
        }
        Observed.Serving serving = situation.serving();
        if (!situation.desired.running()) {
            return ServiceState.STOPPED;
        }
        if (serving == null) {
            return situation.observed.lastFailed() ? ServiceState.FAILED : ServiceState.STOPPED;
        }
        boolean serves = !serving.plan().runs()
                || situation.wantedOf(serving.deployment()).stream().anyMatch(instance -> instance.healthy());
        return serves ? ServiceState.RUNNING : ServiceState.FAILED;
    }
}

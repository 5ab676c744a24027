package io.containr.deploy.rollout;

import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.rollout.Observed.Serving;
import java.util.Optional;

/** The wish to start or restart becomes a deployment of what serves or served; one on its way fulfils both. */
final class Wishes {

    private Wishes() {}

    static Optional<Step> decide(Situation situation) {
        if (!situation.desired.exists() || !situation.desired.running() || somethingIsComing(situation)) {
            return Optional.empty();
        }
        Serving serving = situation.serving();
        boolean canRun = serving != null && serving.plan().runs();
        if (situation.rollout().stopped()
                && serving != null
                && situation.observed.attempts().isEmpty()) {
            return Optional.of(new Step.Redeploy(Trigger.START));
        }
        if (situation.rollout().restartsSeen() >= situation.desired.restarts()) {
            return Optional.empty();
        }
        return Optional.of(canRun ? new Step.Redeploy(Trigger.RESTART) : new Step.AcknowledgeRestart());
    }

    private static boolean somethingIsComing(Situation situation) {
        return situation
                .newest()
                .filter(attempt -> attempt.status().beforeRollout())
                .isPresent();
    }
}

package io.containr.deploy.rollout;

import io.containr.deploy.rollout.Observed.Attempt;
import java.util.List;
import java.util.Optional;

/** Of several deployments the newest counts; two are never rolled out at once. */
final class Succession {

    private Succession() {}

    static Optional<Step> decide(Situation situation) {
        List<Attempt> attempts = situation.observed.attempts();
        if (attempts.size() < 2) {
            return Optional.empty();
        }
        Attempt newest = attempts.getLast();
        for (Attempt older : attempts.subList(0, attempts.size() - 1)) {
            if (older.status().beforeRollout() || canBeOvertaken(situation, older, newest)) {
                return Optional.of(new Step.Supersede(older.id(), newest.id()));
            }
        }
        return Optional.empty();
    }

    private static boolean canBeOvertaken(Situation situation, Attempt rolling, Attempt newest) {
        return newest.plan() != null && !situation.routeIsOf(rolling.id());
    }
}

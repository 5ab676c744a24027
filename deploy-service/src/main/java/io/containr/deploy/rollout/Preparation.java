package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.rollout.Observed.Attempt;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest deployment is built, becomes a release, and starts its rollout when its turn has come. That of a push waits a moment
 * first: of pushes that come one right after another only the last is built.
 */
final class Preparation {

    private static final String TURN = "Waits for the rollout before it to end.";

    private Preparation() {}

    static Optional<Step> decide(Situation situation) {
        return situation
                .newest()
                .filter(attempt -> attempt.status().beforeRollout())
                .flatMap(attempt ->
                        attempt.plan() == null ? build(situation, attempt) : begin(situation, attempt, attempt.plan()));
    }

    private static Optional<Step> build(Situation situation, Attempt attempt) {
        return switch (attempt.build()) {
            case NONE ->
                attempt.pushed() && !situation.passed(attempt.since(), situation.patience.push())
                        ? Optional.empty()
                        : Optional.of(new Step.StartBuild(attempt.id()));
            case ASKED -> inTime(situation, attempt);
            case STARTED ->
                attempt.status() == DeploymentStatus.BUILDING
                        ? inTime(situation, attempt)
                        : Optional.of(new Step.NoteBuilding(attempt.id()));
            case SUCCEEDED -> Optional.of(new Step.MakeRelease(attempt.id()));
            case FAILED -> Optional.of(new Step.Fail(attempt.id(), failure(attempt)));
            case CANCELLED -> Optional.of(new Step.Cancel(attempt.id(), "Its build was cancelled."));
        };
    }

    private static Failure failure(Attempt attempt) {
        Failure failure = attempt.buildFailure();
        return failure == null ? new Failure("BUILD_FAILED", "The build failed.") : failure;
    }

    private static Optional<Step> inTime(Situation situation, Attempt attempt) {
        Instant askedAt = attempt.askedAt() == null ? attempt.since() : attempt.askedAt();
        if (!situation.passed(askedAt, situation.patience.build())) {
            return Optional.empty();
        }
        String message = attempt.status() == DeploymentStatus.BUILDING
                ? "The build did not end within " + Words.of(situation.patience.build()) + "."
                : "No worker took the build within " + Words.of(situation.patience.build()) + ".";
        return Optional.of(new Step.Fail(attempt.id(), new Failure("BUILD_TIMEOUT", message)));
    }

    private static Optional<Step> begin(Situation situation, Attempt attempt, Observed.Plan plan) {
        if (situation.rolling().isPresent()) {
            return TURN.equals(attempt.reason()) && attempt.status() == DeploymentStatus.QUEUED
                    ? Optional.empty()
                    : Optional.of(new Step.Queue(attempt.id(), TURN));
        }
        return Optional.of(
                plan.runs()
                        ? new Step.StartRollout(attempt.id())
                        : new Step.Complete(attempt.id(), "Runs on its schedule."));
    }
}

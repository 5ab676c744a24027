package io.containr.deploy.rollout;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.DeployProperties;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings one service to where it shall be, step by step: read everything, decide, take the step, all in one transaction,
 * and again until there is nothing to do for now. It takes no input but the service's id; messages only wake it. What it
 * does is therefore the same after a message, after a sweep and after a crash.
 */
@Component
class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final int STEPS_AT_ONCE = 100;

    private final Rollouts rollouts;
    private final Observer observer;
    private final StepExecutor executor;
    private final Planner planner;
    private final TransactionOperations transaction;
    private final Clock clock;

    Reconciler(
            Rollouts rollouts,
            Observer observer,
            StepExecutor executor,
            DeployProperties settings,
            TransactionOperations transaction,
            Clock clock) {
        this.rollouts = rollouts;
        this.observer = observer;
        this.executor = executor;
        this.planner = new Planner(settings.patience());
        this.transaction = transaction;
        this.clock = clock;
    }

    Next reconcile(Work work) {
        ServiceId service = ServiceId.of(work.key());
        for (int i = 0; i < STEPS_AT_ONCE; i++) {
            Optional<Step> step = step(service);
            if (step.isEmpty()) {
                return Next.done();
            }
            switch (step.get()) {
                case Step.Forget forget -> {
                    return Next.done();
                }
                case Step.Act act -> {}
                case Step.Wait wait -> {
                    Duration left = Duration.between(clock.instant(), wait.until());
                    return Next.after(left.isNegative() ? Duration.ZERO : left);
                }
                case Step.Settled settled -> {
                    return Next.done();
                }
            }
        }
        log.warn("Service {} is not at rest after {} steps, going on later", service, STEPS_AT_ONCE);
        return Next.after(Duration.ofSeconds(1));
    }

    /** One step, taken; empty where the service was never deployed or is forgotten. */
    Optional<Step> step(ServiceId service) {
        Optional<Step> taken =
                transaction.execute(status -> rollouts.lock(service).map(this::step));
        return Objects.requireNonNull(taken, "the transaction returns what was done");
    }

    private Step step(Rollout rollout) {
        ServiceId service = rollout.service();
        Desired desired = observer.desired(service);
        Instant now = clock.instant();
        Step step = planner.decide(desired, observer.observed(rollout), now);
        switch (step) {
            case Step.Act act -> {
                log.info("Service {}: {}", service, describe(act));
                executor.execute(act, rollout, desired);
            }
            case Step.Wait wait -> rollouts.settled(service, false);
            case Step.Settled settled -> rollouts.settled(service, true);
        }
        return step;
    }

    /** Without what applications wrote: that may be anything. */
    private static String describe(Step.Act act) {
        String name = act.getClass().getSimpleName();
        return switch (act) {
            case Step.Fail fail ->
                name + " " + fail.deployment() + ": " + fail.failure().code();
            case Step.ForDeployment step -> name + " " + step.deployment();
            case Step.RemoveInstances removal -> name + " " + removal.instances();
            case Step.PublishRoute publish -> name + " to " + publish.targets();
            default -> name;
        };
    }
}

package io.containr.deploy.run;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.deploy.DeployEvent.RunFinished;
import io.containr.contracts.deploy.DeployEvent.RunStarted;
import io.containr.contracts.ids.RunId;
import io.containr.deploy.DeployProperties;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.release.Release;
import io.containr.deploy.rollout.DeploymentControl;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Records runs and tells of them, in the transaction of its caller. */
@Component
class RunLedger {

    private final Runs runs;
    private final DeploymentControl control;
    private final Outbox outbox;
    private final DeployProperties.Runs settings;
    private final Clock clock;

    RunLedger(Runs runs, DeploymentControl control, Outbox outbox, DeployProperties settings, Clock clock) {
        this.runs = runs;
        this.control = control;
        this.outbox = outbox;
        this.settings = settings.runs();
        this.clock = clock;
    }

    /** Starts what serves; empty where that scheduled time had its run already, or one is running. */
    Optional<RunId> start(Deployment deployment, Release release, RunTrigger trigger, Instant scheduledAt) {
        InstanceSpec spec = control.runOnce(deployment, release);
        Instant now = clock.instant();
        Run run = new Run(
                new RunId(Ids.next()),
                deployment.service(),
                deployment.project(),
                deployment.id(),
                release.id(),
                spec.instance(),
                trigger,
                scheduledAt,
                RunStatus.RUNNING,
                now.plus(settings.timeLimit()),
                null,
                null,
                null,
                null,
                Origins.current());
        if (!runs.add(run, now)) {
            return Optional.empty();
        }
        outbox.append(new EnsureInstance(spec), run.service());
        outbox.append(
                new RunStarted(run.id(), run.service(), run.project(), run.deployment(), trigger.word(), scheduledAt),
                run.service());
        runs.retain(run.service(), settings.kept());
        return Optional.of(run.id());
    }

    /** One that does not take place. */
    void skip(Deployment deployment, Release release, RunStatus status, Instant scheduledAt) {
        Instant now = clock.instant();
        Run run = new Run(
                new RunId(Ids.next()),
                deployment.service(),
                deployment.project(),
                deployment.id(),
                release.id(),
                null,
                RunTrigger.SCHEDULE,
                scheduledAt,
                status,
                null,
                null,
                now,
                null,
                null,
                Origins.current());
        if (runs.add(run, now)) {
            tell(run, status, null, null);
            runs.retain(run.service(), settings.kept());
        }
    }

    /** Without effect on one that has ended. */
    void end(Run run, RunStatus status, @Nullable Integer exitCode, @Nullable Failure failure, Instant at) {
        if (runs.end(run.id(), status, exitCode, failure, at)) {
            Origins.run(run.origin(), () -> tell(run, status, exitCode, failure));
        }
    }

    private void tell(Run run, RunStatus status, @Nullable Integer exitCode, @Nullable Failure failure) {
        outbox.append(
                new RunFinished(
                        run.id(),
                        run.service(),
                        run.project(),
                        run.trigger().word(),
                        run.scheduledAt(),
                        status.word(),
                        exitCode,
                        failure),
                run.service());
    }
}

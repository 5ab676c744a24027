package io.containr.build.job;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildStarted;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Every change of a build's state: the row, and the event that tells of it, in one transaction. */
@Service
public class BuildDesk {

    private final Builds builds;
    private final Outbox outbox;
    private final WorkQueue queue;
    private final RunningBuilds running;
    private final Clock clock;

    BuildDesk(Builds builds, Outbox outbox, WorkQueue buildQueue, RunningBuilds running, Clock clock) {
        this.builds = builds;
        this.outbox = outbox;
        this.queue = buildQueue;
        this.running = running;
        this.clock = clock;
    }

    /** Queues a build; one that is known already stays as it is. */
    @Transactional
    public void request(Build build) {
        if (builds.add(build)) {
            queue.wake(build.id());
        }
    }

    /** Stops a build; one that has ended stays as it is. */
    @Transactional
    public void cancel(BuildId id, String reason) {
        if (!builds.wishCancelled(id, reason)) {
            return;
        }
        if (builds.cancel(id, BuildStatus.PENDING, clock.instant())) {
            builds.find(id).ifPresent(this::tellCancelled);
        } else {
            running.stop(id);
        }
    }

    /** Stops every build of a service. */
    @Transactional
    public void cancelAll(ServiceId service, String reason) {
        builds.unfinishedOf(service).forEach(id -> cancel(id, reason));
    }

    /** Stops what has not ended of a project's builds without a service. */
    public void cancelAll(ProjectId project, String reason) {
        builds.unfinishedOf(project).forEach(id -> cancel(id, reason));
    }

    /** A worker takes a build; empty if there is nothing left to do. */
    @Transactional
    Optional<Build> start(BuildId id) {
        Optional<Build> started = builds.start(id, clock.instant());
        started.filter(build -> build.attempts() == 1)
                .ifPresent(build ->
                        tell(build, (service, b) -> new BuildStarted(b.id(), b.deployment(), service, b.project())));
        return started;
    }

    @Transactional
    void succeeded(Build build, BuildResult result) {
        if (builds.succeed(build, result, clock.instant())) {
            tell(
                    build,
                    (service, b) -> new BuildSucceeded(
                            b.id(),
                            b.deployment(),
                            service,
                            b.project(),
                            result.image(),
                            result.commit(),
                            result.phases()));
        }
    }

    @Transactional
    void failed(Build build, Failure failure) {
        if (builds.fail(build, failure, clock.instant())) {
            tell(build, (service, b) -> new BuildFailed(b.id(), b.deployment(), service, b.project(), failure));
        }
    }

    /** The work on a build has stopped because somebody wished so. */
    @Transactional
    void cancelled(Build build) {
        if (builds.cancel(build.id(), build.status(), clock.instant())) {
            tellCancelled(build);
        }
    }

    private void tellCancelled(Build build) {
        tell(build, (service, b) -> new BuildCancelled(b.id(), b.deployment(), service, b.project()));
    }

    private void tell(Build build, BiFunction<ServiceId, Build, BuildEvent> event) {
        ServiceId service = build.service();
        if (service != null) {
            Origins.run(build.origin(), () -> outbox.append(event.apply(service, build), service));
        }
    }
}

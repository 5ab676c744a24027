package io.containr.build.job;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.job.StoppableTask.Ended;
import io.containr.build.job.StoppableTask.StopReason;
import io.containr.build.log.BuildLog;
import io.containr.build.log.BuildLogFactory;
import io.containr.build.log.LogSignal;
import io.containr.contracts.Failure;
import io.containr.contracts.ids.BuildId;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes builds from the queue. A build whose worker died is taken once more and then failed; one that this process must
 * give up because it stops goes back as if it had never been taken. Whatever the work itself ends in, the build ends as
 * succeeded, failed with a reason, or cancelled.
 */
@Component
class BuildWorker {

    private static final Logger log = LoggerFactory.getLogger(BuildWorker.class);
    private static final int MAX_ATTEMPTS = 2;
    private static final int SHOWN_LINES = 10;
    private static final Duration LET_OTHERS_FIRST = Duration.ofMillis(500);

    private final Builds builds;
    private final BuildDesk desk;
    private final BuildPipeline pipeline;
    private final BuildLogFactory logs;
    private final LogSignal logSignal;
    private final RunningBuilds running;
    private final Duration timeout;
    private final MeterRegistry metrics;

    BuildWorker(
            Builds builds,
            BuildDesk desk,
            BuildPipeline pipeline,
            BuildLogFactory logs,
            LogSignal logSignal,
            RunningBuilds running,
            BuildProperties properties,
            MeterRegistry metrics) {
        this.builds = builds;
        this.desk = desk;
        this.pipeline = pipeline;
        this.logs = logs;
        this.logSignal = logSignal;
        this.running = running;
        this.timeout = properties.timeout();
        this.metrics = metrics;
    }

    Next work(Work work) {
        BuildId id = BuildId.of(work.key());
        Build found = builds.find(id).orElse(null);
        if (found == null || found.status().isTerminal()) {
            return Next.done();
        }
        if (found.status() == BuildStatus.PENDING && builds.shouldLetOthersGoFirst(found)) {
            return Next.after(LET_OTHERS_FIRST);
        }
        Optional<Build> started = desk.start(id);
        if (started.isEmpty()) {
            desk.cancelled(found);
            return Next.done();
        }
        Build build = started.get();
        if (build.attempts() > MAX_ATTEMPTS) {
            desk.failed(
                    build,
                    new Failure(
                            BuildErrorCode.BUILD_WORKER_LOST.name(),
                            "The process that ran this build died, twice. Try again; if it happens again, the build may need more"
                                    + " memory than the platform has."));
            return Next.done();
        }
        return run(build);
    }

    private Next run(Build build) {
        PhaseClock phases = new PhaseClock();
        try (Workspace workspace = pipeline.workspace(build)) {
            BuildLog buildLog = logs.open(build.id(), build.service(), build.project(), build.deployment());
            Ended<BuildResult> ended;
            try (buildLog) {
                if (build.attempts() > 1) {
                    buildLog.info("The process that ran this build died; once more from the start.");
                }
                ended = execute(build, workspace, phases, buildLog);
                sayEnd(ended, buildLog);
            }
            return settle(build, ended, buildLog);
        } finally {
            logSignal.raise();
        }
    }

    private Ended<BuildResult> execute(Build build, Workspace workspace, PhaseClock phases, BuildLog buildLog) {
        Semaphore stop = running.enter(build.id());
        try {
            StoppableTask<BuildResult> task =
                    new StoppableTask<>("build-" + build.id(), () -> pipeline.run(build, workspace, phases, buildLog));
            BuildWatch watch = new BuildWatch(build, builds, phases, timeout);
            return task.run(stop, watch::look);
        } finally {
            running.leave(build.id());
            phases.end();
        }
    }

    private static void sayEnd(Ended<BuildResult> ended, BuildLog buildLog) {
        switch (ended) {
            case Ended.Returned<BuildResult>(BuildResult result) ->
                buildLog.info("Image " + result.image().digest() + " is ready.");
            case Ended.Threw<BuildResult>(Exception e) ->
                buildLog.info("Failed: " + failure(e).message());
            case Ended.Stopped<BuildResult>(StopReason reason) ->
                buildLog.info(
                        switch (reason) {
                            case CANCELLED -> "Cancelled.";
                            case TIMED_OUT -> "Stopped: the build took too long.";
                            case SHUTTING_DOWN -> "The platform stops; the build goes on later, from the start.";
                        });
        }
    }

    private Next settle(Build build, Ended<BuildResult> ended, BuildLog buildLog) {
        switch (ended) {
            case Ended.Returned<BuildResult>(BuildResult result) -> {
                desk.succeeded(build, result);
                result.phases().forEach((phase, duration) -> timer(phase).record(duration));
                count("success");
            }
            case Ended.Threw<BuildResult>(Exception e) -> {
                Failure failure = failure(e);
                if (failure.code().equals(BuildErrorCode.INTERNAL.name())) {
                    log.error("Build {} failed by a fault of ours", build.id(), e);
                } else {
                    log.info("Build {} failed: {}", build.id(), failure.code());
                    log.debug("Build {} failed", build.id(), e);
                }
                desk.failed(build, withLastLines(failure, buildLog));
                count("failed");
            }
            case Ended.Stopped<BuildResult>(StopReason reason) -> {
                switch (reason) {
                    case CANCELLED -> {
                        desk.cancelled(build);
                        count("cancelled");
                    }
                    case TIMED_OUT -> {
                        desk.failed(
                                build,
                                withLastLines(
                                        new Failure(
                                                BuildErrorCode.BUILD_TIMEOUT.name(),
                                                "The build took longer than " + timeout.toSeconds() + " s."),
                                        buildLog));
                        count("failed");
                    }
                    case SHUTTING_DOWN -> {
                        builds.giveBack(build);
                        return Next.after(Duration.ZERO);
                    }
                }
            }
        }
        return Next.done();
    }

    private static Failure failure(Exception e) {
        return e instanceof BuildFailedException expected
                ? expected.failure()
                : new Failure(BuildErrorCode.INTERNAL.name(), "The build failed by a fault of the platform.");
    }

    private static Failure withLastLines(Failure failure, BuildLog buildLog) {
        boolean byDockerfile = failure.code().equals(BuildErrorCode.BUILD_FAILED.name())
                || failure.code().equals(BuildErrorCode.BUILD_PLAN_FAILED.name())
                || failure.code().equals(BuildErrorCode.BUILD_TIMEOUT.name());
        List<String> lines = byDockerfile ? buildLog.lastOutput(SHOWN_LINES) : List.of();
        return lines.isEmpty()
                ? failure
                : new Failure(failure.code(), failure.message() + "\n" + String.join("\n", lines));
    }

    private Timer timer(String phase) {
        return Timer.builder("containr.build.phase").tag("phase", phase).register(metrics);
    }

    private void count(String outcome) {
        metrics.counter("containr.builds", "outcome", outcome).increment();
    }
}

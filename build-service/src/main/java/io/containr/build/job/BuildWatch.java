package io.containr.build.job;

import io.containr.build.job.StoppableTask.StopReason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Looks after a build while it runs: keeps its row's phase up to date and finds reasons to stop it. */
final class BuildWatch {

    private static final Logger log = LoggerFactory.getLogger(BuildWatch.class);

    private final Build build;
    private final Builds builds;
    private final PhaseClock phases;
    private final long deadline;
    private @Nullable BuildPhase shown;

    BuildWatch(Build build, Builds builds, PhaseClock phases, Duration timeout) {
        this.build = build;
        this.builds = builds;
        this.phases = phases;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    Optional<StopReason> look() {
        if (System.nanoTime() - deadline > 0) {
            return Optional.of(StopReason.TIMED_OUT);
        }
        try {
            phases.current().filter(phase -> phase != shown).ifPresent(phase -> {
                builds.phase(build.id(), phase);
                shown = phase;
            });
            return builds.isCancelWished(build.id()) ? Optional.of(StopReason.CANCELLED) : Optional.empty();
        } catch (DataAccessException e) {
            log.warn("Build {} goes on although its row cannot be read", build.id(), e);
            return Optional.empty();
        }
    }
}

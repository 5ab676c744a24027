package io.containr.build.job;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells which part of a build is going on and how long each took. */
final class PhaseClock {

    private final Map<BuildPhase, Duration> durations = new EnumMap<>(BuildPhase.class);
    private @Nullable BuildPhase current;
    private long since;

    /** Ends the part before and begins this one. */
    synchronized void enter(BuildPhase phase) {
        end();
        current = phase;
        since = System.nanoTime();
    }

    synchronized void end() {
        if (current != null) {
            durations.put(current, Duration.ofNanos(System.nanoTime() - since));
            current = null;
        }
    }

    synchronized Optional<BuildPhase> current() {
        return Optional.ofNullable(current);
    }

    synchronized Map<String, Duration> durations() {
        Map<String, Duration> named = new TreeMap<>();
        durations.forEach((phase, duration) -> named.put(phase.wireName(), duration));
        return named;
    }
}

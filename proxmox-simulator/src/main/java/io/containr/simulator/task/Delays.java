package io.containr.simulator.task;

import java.time.Duration;
import java.util.Map;

/**
 * How long tasks take beyond their real work, by type, and how long a refused sign-in waits.
 *
 * @param refusal before a 401
 */
public record Delays(Map<String, Duration> tasks, Duration refusal) {

    public Delays {
        tasks = Map.copyOf(tasks);
    }

    /** As fast as this machine can. */
    public static Delays none() {
        return new Delays(Map.of(), Duration.ZERO);
    }

    /** Like a small real node. */
    public static Delays realistic() {
        return new Delays(
                Map.ofEntries(
                        Map.entry("vzcreate", Duration.ofMillis(2500)),
                        Map.entry("vzrestore", Duration.ofMillis(3000)),
                        Map.entry("vzclone", Duration.ofMillis(3000)),
                        Map.entry("ociregistrypull", Duration.ofMillis(2000)),
                        Map.entry("vzstart", Duration.ofMillis(1500)),
                        Map.entry("vzreboot", Duration.ofMillis(2500)),
                        Map.entry("vzstop", Duration.ofMillis(1000)),
                        Map.entry("vzshutdown", Duration.ofMillis(1000)),
                        Map.entry("vzdestroy", Duration.ofMillis(1500)),
                        Map.entry("vzsnapshot", Duration.ofMillis(2000)),
                        Map.entry("vzdelsnapshot", Duration.ofMillis(1500)),
                        Map.entry("vzrollback", Duration.ofMillis(2500)),
                        Map.entry("vzdump", Duration.ofMillis(4000)),
                        Map.entry("move_volume", Duration.ofMillis(3000)),
                        Map.entry("resize", Duration.ofMillis(800))),
                Duration.ofSeconds(3));
    }

    Duration of(String type) {
        return tasks.getOrDefault(type, Duration.ZERO);
    }
}

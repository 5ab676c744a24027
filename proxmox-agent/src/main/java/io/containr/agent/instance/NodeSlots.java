package io.containr.agent.instance;

import io.containr.contracts.ids.InstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How much each node works on at once. A slot is an instance's from before its task is begun until the task is seen to have ended, however
 * many looks that takes; one that nobody frees, since nothing is heard of the task any more, is free again after a time.
 */
final class NodeSlots {

    private record Held(String node, Instant until) {}

    private final int each;
    private final Duration longest;
    private final Clock clock;
    private final Map<InstanceId, Held> held = new HashMap<>();

    /** @param longest how long a slot may be held */
    NodeSlots(int each, Duration longest, Clock clock) {
        this.each = each;
        this.longest = longest;
        this.clock = clock;
    }

    /** Whether the instance has a slot of the node now. */
    synchronized boolean take(String node, InstanceId instance) {
        Instant now = clock.instant();
        held.values().removeIf(slot -> slot.until().isBefore(now));
        held.remove(instance);
        if (held.values().stream().filter(slot -> slot.node().equals(node)).count() >= each) {
            return false;
        }
        held.put(instance, new Held(node, now.plus(longest)));
        return true;
    }

    /** Whatever the limit: the task was begun in an earlier life of the agent, or by another copy of it. */
    synchronized void follow(String node, InstanceId instance) {
        held.computeIfAbsent(instance, unheld -> new Held(node, clock.instant().plus(longest)));
    }

    /** Does nothing where it has none. */
    synchronized void free(InstanceId instance) {
        held.remove(instance);
    }
}

package io.containr.agent.instance;

import io.containr.contracts.ids.InstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How much each node works on at once. A slot is an instance's from before its task is begun until the task is seen to have ended, however
 * many looks that takes; one that nobody frees, since nothing is heard of the task any more, is free again after a time. A slot that is
 * freed is kept for whoever has waited longest, who is woken for it, so that nobody looks in vain.
 */
final class NodeSlots {

    /** So long a slot is kept for one that was woken for it. */
    private static final Duration KEPT = Duration.ofSeconds(30);

    private record Held(String node, Instant until) {}

    private final int each;
    private final Duration longest;
    private final Clock clock;
    private final Consumer<InstanceId> wake;
    private final Map<InstanceId, Held> held = new HashMap<>();

    /** Nodes that instances wait for; in the order in which they came. */
    private final Map<InstanceId, String> waiting = new LinkedHashMap<>();

    /** @param longest how long a slot may be held */
    NodeSlots(int each, Duration longest, Clock clock, Consumer<InstanceId> wake) {
        this.each = each;
        this.longest = longest;
        this.clock = clock;
        this.wake = wake;
    }

    /** Whether the instance has a slot of the node now; it is woken otherwise, when there is one. */
    synchronized boolean take(String node, InstanceId instance) {
        Instant now = clock.instant();
        held.values().removeIf(slot -> slot.until().isBefore(now));
        held.remove(instance);
        if (room(node) <= 0) {
            waiting.putIfAbsent(instance, node);
            return false;
        }
        waiting.remove(instance);
        held.put(instance, new Held(node, now.plus(longest)));
        return true;
    }

    private long room(String node) {
        return each
                - held.values().stream()
                        .filter(slot -> slot.node().equals(node))
                        .count();
    }

    /** Whatever the limit: the task was begun in an earlier life of the agent, or by another copy of it. */
    synchronized void follow(String node, InstanceId instance) {
        held.computeIfAbsent(instance, unheld -> new Held(node, clock.instant().plus(longest)));
    }

    /** Does nothing where it has none. */
    void free(InstanceId instance) {
        release(instance).forEach(wake);
    }

    /** Those that have a slot now. */
    private synchronized List<InstanceId> release(InstanceId instance) {
        waiting.remove(instance);
        Held slot = held.remove(instance);
        if (slot == null) {
            return List.of();
        }
        List<InstanceId> next = waiting.entrySet().stream()
                .filter(waits -> waits.getValue().equals(slot.node()))
                .limit(Math.max(0, room(slot.node())))
                .map(Map.Entry::getKey)
                .toList();
        Instant until = clock.instant().plus(KEPT);
        next.forEach(each -> {
            waiting.remove(each);
            held.put(each, new Held(slot.node(), until));
        });
        return next;
    }
}

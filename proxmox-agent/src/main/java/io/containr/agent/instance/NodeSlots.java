package io.containr.agent.instance;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** How much is begun on each node at once. */
final class NodeSlots {

    private final int each;
    private final Map<String, Semaphore> nodes = new ConcurrentHashMap<>();

    NodeSlots(int each) {
        this.each = each;
    }

    /** Whether there was one; it is to be freed. */
    boolean take(String node) {
        return nodes.computeIfAbsent(node, name -> new Semaphore(each)).tryAcquire();
    }

    void free(String node) {
        nodes.computeIfAbsent(node, name -> new Semaphore(each)).release();
    }
}

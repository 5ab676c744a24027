package io.containr.agent.proxmox;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long to wait after a refusal: from a second to ten, longer with each one in a row, since a node that is away may be so for days
 * and there may be much to do on it. Forgotten with the process.
 *
 * @param <K> what is refused
 */
public final class RefusalPauses<K> {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int DOUBLINGS = 4;

    private final Map<K, Integer> inARow = new ConcurrentHashMap<>();

    /** It was refused once more. */
    public Duration next(K key) {
        int refusals = inARow.merge(key, 1, Integer::sum);
        Duration pause = FIRST.multipliedBy(1L << Math.min(refusals - 1, DOUBLINGS));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    /** It was not refused, or is no longer wanted. */
    public void end(K key) {
        inARow.remove(key);
    }
}

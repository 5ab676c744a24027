package io.containr.agent.guest;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be, in all and from one address: tenants' code can reach the intake too. */
final class ConnectionBudget {

    private static final int PER_SOURCE = 16;

    private final int limit;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> bySource = new ConcurrentHashMap<>();

    ConnectionBudget(int limit) {
        this.limit = limit;
    }

    /** Whether one more is all right; if so it counts until {@link #release}. */
    boolean acquire(InetAddress source) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        // Guests on this machine may all come from the loopback address.
        if (!source.isLoopbackAddress() && bySource.merge(source, 1, Integer::sum) > PER_SOURCE) {
            release(source);
            return false;
        }
        return true;
    }

    void release(InetAddress source) {
        open.decrementAndGet();
        bySource.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }
}

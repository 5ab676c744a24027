package io.containr.gateway.route;

import io.containr.contracts.route.Route.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance as this gateway sees it: how many requests it has under way, and whether it was out of reach just now. */
public final class Upstream {

    private static final int MOST_DOUBLINGS = 3;

    private final Target target;
    private final String authority;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long avoidedSince;
    private volatile long avoidedFor;
    private volatile int refusals;

    Upstream(Target target) {
        this.target = target;
        String address = target.address();
        this.authority = (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + target.port();
    }

    public Target target() {
        return target;
    }

    /** Address and port as in a URL. */
    public String authority() {
        return authority;
    }

    public int inFlight() {
        return inFlight.get();
    }

    public void begin() {
        inFlight.incrementAndGet();
    }

    public void end() {
        inFlight.decrementAndGet();
    }

    /**
     * For that long it is chosen only where nothing else is left; twice as long each time it is found out of reach again, up to a limit.
     * Requests that find so at once count once.
     */
    public void avoid(Duration time) {
        if (!isAvoided()) {
            refusals = Math.min(refusals + 1, MOST_DOUBLINGS + 1);
        }
        avoidedSince = System.nanoTime();
        avoidedFor = time.toNanos() << Math.max(0, refusals - 1);
    }

    /** It answered. */
    public void reached() {
        if (refusals > 0) {
            refusals = 0;
            avoidedFor = 0;
        }
    }

    boolean isAvoided() {
        long time = avoidedFor;
        return time > 0 && System.nanoTime() - avoidedSince < time;
    }

    @Override
    public String toString() {
        return authority;
    }
}

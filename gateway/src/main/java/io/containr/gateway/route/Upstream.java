package io.containr.gateway.route;

import io.containr.contracts.route.Route.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance as this gateway sees it: how many requests it has under way, and whether it was out of reach just now. */
public final class Upstream {

    private final Target target;
    private final String authority;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long avoidedSince;
    private volatile long avoidedFor;

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

    /** For that long it is chosen only where nothing else is left. */
    public void avoid(Duration time) {
        avoidedSince = System.nanoTime();
        avoidedFor = time.toNanos();
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

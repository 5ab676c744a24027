package io.containr.project.webhook;

import java.time.Duration;
import java.time.Instant;

/** Whether pushes, of whatever service, come so fast that answering them goes before working on them; as this process sees it. */
final class Surge {

    private final Duration gap;
    private Instant newest = Instant.MIN;

    /**
     * Made before any push came.
     *
     * @param gap pushes that come sooner than this after each other are a surge
     */
    Surge(Duration gap) {
        this.gap = gap;
    }

    /** A push came; returns whether it is on the heels of another. */
    synchronized boolean add(Instant now) {
        boolean onItsHeels = goesOn(now);
        newest = now;
        return onItsHeels;
    }

    synchronized boolean goesOn(Instant now) {
        return newest.isAfter(now.minus(gap));
    }
}

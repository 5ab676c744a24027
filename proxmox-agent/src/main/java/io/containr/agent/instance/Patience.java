package io.containr.agent.instance;

import java.time.Duration;

/** The short waits within one piece of work: pauses that grow, until the time for them is used up. */
final class Patience {

    private final long end;
    private final Duration longest;
    private Duration next;

    /** @param budget for all pauses together */
    Patience(Duration first, Duration longest, Duration budget) {
        this.next = first;
        this.longest = longest;
        this.end = System.nanoTime() + budget.toNanos();
    }

    /**
     * Waits a little.
     *
     * @return false, at once, if the time is used up or the thread shall stop
     */
    boolean pause() {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            Thread.sleep(Duration.ofNanos(Math.min(left, next.toNanos())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        Duration longer = next.multipliedBy(6).dividedBy(5);
        next = longer.compareTo(longest) > 0 ? longest : longer;
        return true;
    }
}

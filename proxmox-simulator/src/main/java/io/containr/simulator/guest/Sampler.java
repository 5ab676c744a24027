package io.containr.simulator.guest;

import io.containr.simulator.engine.Containers;
import io.containr.simulator.engine.GuestUsage;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures running guests every ten seconds, as {@code pvestatd} does, and keeps a day of minutes for each. What a call shows is the last
 * measurement; nothing of it outlives the process. Guests are measured side by side: the engine takes two seconds for each, and one that
 * cannot be measured keeps no other from it.
 */
final class Sampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int MINUTES = 24 * 60;
    private static final int AT_ONCE = 32;

    private final Containers containers;
    private final Clock clock;
    private final Duration period;
    private final ExecutorService measuring = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("simulator-measure-", 0).factory());
    private final Map<Integer, GuestUsage> latest = new ConcurrentHashMap<>();
    private final Map<Integer, TreeMap<Long, GuestUsage>> minutes = new ConcurrentHashMap<>();
    private final Thread thread;

    Sampler(Containers containers, Clock clock) {
        this(containers, clock, PERIOD);
    }

    /** @param period between the end of one round and the beginning of the next */
    Sampler(Containers containers, Clock clock, Duration period) {
        this.containers = containers;
        this.clock = clock;
        this.period = period;
        this.thread = Thread.ofVirtual().name("simulator-sampler").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(period);
                try {
                    sample();
                } catch (RuntimeException e) {
                    LOG.warn("cannot measure guests", e);
                }
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    private void sample() throws InterruptedException {
        Set<Integer> running = containers.running().keySet();
        latest.keySet().retainAll(running);
        long minute = clock.instant().getEpochSecond() / 60 * 60;
        measuring.invokeAll(running.stream()
                .map(vmid -> Executors.callable(() -> sample(vmid, minute)))
                .toList());
    }

    private void sample(int vmid, long minute) {
        try {
            GuestUsage usage = containers.measure(vmid);
            latest.put(vmid, usage);
            TreeMap<Long, GuestUsage> history = minutes.computeIfAbsent(vmid, _ -> new TreeMap<>());
            synchronized (history) {
                history.put(minute, usage);
                while (history.size() > MINUTES) {
                    history.pollFirstEntry();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("cannot measure guest {}: {}", vmid, e.toString());
        }
    }

    GuestUsage latest(int vmid) {
        return latest.getOrDefault(vmid, GuestUsage.NONE);
    }

    /** Measurements by the second their minute begins. */
    Map<Long, GuestUsage> minutes(int vmid) {
        TreeMap<Long, GuestUsage> history = minutes.getOrDefault(vmid, new TreeMap<>());
        synchronized (history) {
            return new TreeMap<>(history);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        measuring.shutdownNow();
    }
}

package io.containr.standalone;

import io.containr.local.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A service that runs as a process of its own, as it would on a machine of its own. */
final class ServiceProcess implements RunningService {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** Enough for making a class cache beside those of the others. */
    private static final Duration LONG_GRACE = Duration.ofMinutes(3);

    private final ChildProcess process;
    private final Duration grace;

    private ServiceProcess(ChildProcess process, Duration grace) {
        this.process = process;
        this.grace = grace;
    }

    /**
     * Returns when the service is ready.
     *
     * @param makeCache whether its end may take longer so that its next start is quicker
     * @throws IOException if it ends before, or is not ready in time; its log says why
     */
    static ServiceProcess start(
            Home home, Layout layout, Service service, Map<String, String> settings, boolean makeCache)
            throws IOException, InterruptedException {
        ChildProcess process = new Programs(home).startService(service, settings, makeCache);
        Health health = new Health(layout);
        long deadline = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (health.isReady(service.name())) {
                return new ServiceProcess(process, makeCache ? LONG_GRACE : GRACE);
            }
            Thread.sleep(200);
        }
        process.stop(GRACE);
        throw new IOException(service.name() + " does not start, see " + home.log(service.name()));
    }

    /** Ends one that a platform which was killed left behind. */
    static void endOrphan(Home home, Service service) {
        new Programs(home).find(service.name()).ifPresent(orphan -> orphan.stop(GRACE));
    }

    @Override
    public void close() {
        process.stop(grace);
    }
}

package io.containr.deploy.log;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.DeployProperties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Everybody who follows a log of this process; they end before the server does, so that it need not wait for them. */
@Component
public class LogFollowers implements SmartLifecycle {

    private final LogStore store;
    private final LogSignal signal;
    private final DeployProperties.Logs settings;
    private final Set<LogFollower> followers = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    LogFollowers(LogStore store, LogSignal signal, DeployProperties settings) {
        this.store = store;
        this.signal = signal;
        this.settings = settings.logs();
    }

    /**
     * Sends every line after that one, in order and once each, until the sink refuses.
     *
     * @param after id of the last line the sink has
     * @param mayGoOn asked now and then; the stream ends when it says no
     */
    public void follow(ServiceId service, long after, LogSink sink, BooleanSupplier mayGoOn) {
        LogFollower follower = new LogFollower(service, after, sink, mayGoOn, store, signal, settings);
        followers.add(follower);
        follower.start(() -> followers.remove(follower));
        if (!running) {
            follower.stop();
        }
    }

    public int count() {
        return followers.size();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        followers.forEach(LogFollower::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

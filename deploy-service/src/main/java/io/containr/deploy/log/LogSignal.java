package io.containr.deploy.log;

import io.containr.contracts.ids.ServiceId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Tells followers in this process that lines of their service were stored; what other copies store they look for themselves. */
@Component
class LogSignal {

    private final Map<ServiceId, Set<Listener>> listeners = new ConcurrentHashMap<>();

    void raise(ServiceId service) {
        listeners.getOrDefault(service, Set.of()).forEach(Listener::raise);
    }

    Listener listen(ServiceId service) {
        Listener listener = new Listener(service);
        listeners.compute(service, (key, present) -> {
            Set<Listener> all = present == null ? new CopyOnWriteArraySet<>() : present;
            all.add(listener);
            return all;
        });
        return listener;
    }

    /** One follower's ear; close it when done. */
    final class Listener implements AutoCloseable {

        private final ServiceId service;
        private final Semaphore raised = new Semaphore(0);

        private Listener(ServiceId service) {
            this.service = service;
        }

        private void raise() {
            raised.release();
        }

        /** Returns when it was raised since the last time, or after that time. */
        void await(Duration atMost) throws InterruptedException {
            if (raised.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                raised.drainPermits();
            }
        }

        @Override
        public void close() {
            listeners.computeIfPresent(service, (key, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}

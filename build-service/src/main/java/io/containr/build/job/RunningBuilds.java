package io.containr.build.job;

import io.containr.contracts.ids.BuildId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The builds this process works on, so that a wish to cancel one is heard at once. */
@Component
class RunningBuilds {

    private final Map<BuildId, Semaphore> stops = new ConcurrentHashMap<>();

    /** The signal that somebody may want the build to stop; whoever hears it looks at the build's row. */
    Semaphore enter(BuildId build) {
        Semaphore stop = new Semaphore(0);
        stops.put(build, stop);
        return stop;
    }

    void leave(BuildId build) {
        stops.remove(build);
    }

    /** Signals once the current transaction, if any, has committed. */
    void stop(BuildId build) {
        Semaphore stop = stops.get(build);
        if (stop == null) {
            return;
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    stop.release();
                }
            });
        } else {
            stop.release();
        }
    }
}

package io.containr.database.managed;

import io.containr.runtime.work.WorkQueue;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has every database looked at now and then, whatever was heard of it. */
@Component
class Sweep {

    private final Databases databases;
    private final WorkQueue databaseQueue;

    Sweep(Databases databases, WorkQueue databaseQueue) {
        this.databases = databases;
        this.databaseQueue = databaseQueue;
    }

    @Scheduled(fixedDelayString = "${containr.database.sweep:30s}")
    void wakeAll() {
        databases.all().forEach(databaseQueue::wake);
    }
}

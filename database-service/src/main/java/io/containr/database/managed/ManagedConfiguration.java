package io.containr.database.managed;

import io.containr.database.DatabaseProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of databases to look at. */
@Configuration(proxyBeanMethods = false)
class ManagedConfiguration {

    @Bean
    WorkQueue databaseQueue(WorkQueues queues, DatabaseProperties settings, ObjectProvider<Reconciler> reconciler) {
        return queues.create(
                "databases",
                settings.concurrency(),
                work -> reconciler.getObject().reconcile(work));
    }
}

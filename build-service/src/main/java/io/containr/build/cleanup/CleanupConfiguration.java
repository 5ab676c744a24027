package io.containr.build.cleanup;

import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The queue of services that have something to take away; its keys are their ids. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class CleanupConfiguration {

    @Bean
    WorkQueue cleanupQueue(WorkQueues queues, ObjectProvider<ServiceCleanup> cleanup) {
        return queues.create("cleanup", 1, work -> cleanup.getObject().work(work));
    }
}

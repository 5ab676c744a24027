package io.containr.build.cleanup;

import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The queues of what has something to take away; their keys are ids. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class CleanupConfiguration {

    /** Keys are the ids of projects that were deleted. */
    @Bean
    WorkQueue projectCleanupQueue(WorkQueues queues, ObjectProvider<ProjectCleanup> cleanup) {
        return queues.create("project-cleanup", 1, work -> cleanup.getObject().work(work));
    }

    @Bean
    WorkQueue cleanupQueue(WorkQueues queues, ObjectProvider<ServiceCleanup> cleanup) {
        return queues.create("cleanup", 1, work -> cleanup.getObject().work(work));
    }
}

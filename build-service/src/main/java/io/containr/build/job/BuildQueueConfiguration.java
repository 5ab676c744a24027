package io.containr.build.job;

import io.containr.build.BuildProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of builds; its keys are their ids. */
@Configuration(proxyBeanMethods = false)
class BuildQueueConfiguration {

    /** The worker needs those who fill the queue, so it is looked up when the first build comes. */
    @Bean
    WorkQueue buildQueue(WorkQueues queues, ObjectProvider<BuildWorker> worker, BuildProperties properties) {
        return queues.create(
                "builds", properties.concurrency(), work -> worker.getObject().work(work));
    }
}

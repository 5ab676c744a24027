package io.containr.build.branch;

import io.containr.build.BuildProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of branches to look at; its keys are their services' ids. */
@Configuration(proxyBeanMethods = false)
class BranchConfiguration {

    @Bean
    WorkQueue branchQueue(WorkQueues queues, ObjectProvider<BranchWatcher> watcher, BuildProperties properties) {
        return queues.create(
                "branches",
                properties.polling().concurrency(),
                work -> watcher.getObject().work(work));
    }
}

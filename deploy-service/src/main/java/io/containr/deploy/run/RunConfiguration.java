package io.containr.deploy.run;

import io.containr.deploy.DeployProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of scheduled services to look at; it also holds when each is due. */
@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    @Bean
    WorkQueue runQueue(WorkQueues queues, DeployProperties settings, ObjectProvider<RunLoop> loop) {
        return queues.create(
                "runs", settings.concurrency(), work -> loop.getObject().look(work));
    }
}

package io.containr.deploy.rollout;

import io.containr.deploy.DeployProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of services to look at. */
@Configuration(proxyBeanMethods = false)
class RolloutConfiguration {

    @Bean
    WorkQueue reconcile(WorkQueues queues, DeployProperties settings, ObjectProvider<Reconciler> reconciler) {
        return queues.create(
                "reconcile",
                settings.concurrency(),
                work -> reconciler.getObject().reconcile(work));
    }
}

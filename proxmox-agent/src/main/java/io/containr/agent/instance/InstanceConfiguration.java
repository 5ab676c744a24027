package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.session.KnownGuests;
import io.containr.agent.session.ProjectNames;
import io.containr.agent.template.RetainedImages;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.VolumeCommand.RemoveVolume;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts commands, queue and loop together. */
@Configuration(proxyBeanMethods = false)
class InstanceConfiguration {

    @Bean
    Decision decision(AgentProperties properties) {
        return new Decision(Limits.of(properties));
    }

    @Bean
    WorkQueue instanceQueue(
            WorkQueues queues, ObjectProvider<InstanceReconciler> reconciler, AgentProperties properties) {
        return queues.create(
                "instances",
                properties.concurrency(),
                work -> reconciler.getObject().reconcile(work));
    }

    @Bean
    MessageSubscription agentCommands(
            Commands commands, WorkQueue instanceQueue, RetainedImages retained, Volumes volumes) {
        return MessageSubscription.named("proxmox-agent/main")
                .on(EnsureInstance.class, (command, meta) -> {
                    commands.ensure(command);
                    instanceQueue.wake(command.instance());
                })
                .on(RemoveInstance.class, (command, meta) -> {
                    commands.remove(command);
                    instanceQueue.wake(command.instance());
                })
                .on(RemoveVolume.class, (command, meta) -> volumes.delete(command.service()))
                .on(ServiceDeleted.class, (event, meta) -> volumes.delete(event.service()))
                .on(ReleasesRetained.class, (event, meta) -> retained.remember(event))
                .build();
    }

    @Bean
    KnownGuests knownGuests(Instances instances, WorkQueue instanceQueue) {
        return new StoredGuests(instances, instanceQueue);
    }

    @Bean
    ProjectNames projectNames(Instances instances) {
        return instances::names;
    }
}

package io.containr.deploy.messaging;

import io.containr.deploy.deployment.BuildReports;
import io.containr.deploy.instance.InstanceReports;
import io.containr.deploy.log.LogStore;
import io.containr.deploy.request.RequestedDeployments;
import io.containr.deploy.rollout.ServiceChanges;
import io.containr.deploy.route.GatewayReports;
import io.containr.deploy.run.RunReports;
import io.containr.deploy.variable.DatabaseVariables;
import io.containr.deploy.variable.SharedVariables;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.MessageSubscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which messages this service wants. Signs of life and log lines come often, so each has a consumer of its own. */
@Configuration(proxyBeanMethods = false)
class Subscriptions {

    @Bean
    MessageSubscription mainSubscription(
            ProjectDirectory directory,
            SharedVariables sharedVariables,
            DatabaseVariables databaseVariables,
            ServiceChanges services,
            RequestedDeployments requests,
            BuildReports builds,
            InstanceReports instances,
            RunReports runs) {
        return MessageSubscription.named("deploy-service/main")
                .with(directory)
                .with(sharedVariables)
                .with(databaseVariables)
                .with(services)
                .with(requests)
                .with(builds)
                .with(instances)
                .with(runs)
                .build();
    }

    @Bean
    MessageSubscription routeSubscription(GatewayReports gateways) {
        return MessageSubscription.named("deploy-service/routes").with(gateways).build();
    }

    @Bean
    MessageSubscription logSubscription(LogStore logs) {
        return MessageSubscription.named("deploy-service/logs").with(logs).build();
    }
}

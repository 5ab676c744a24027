package io.containr.project.services;

import io.containr.contracts.deploy.DeployEvent.ServiceStateChanged;
import io.containr.project.variables.KnownDatabases;
import io.containr.runtime.messaging.MessageSubscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What project-service hears from others. */
@Configuration(proxyBeanMethods = false)
class ServiceMessages {

    @Bean
    MessageSubscription projectServiceMessages(Services services, KnownDatabases databases) {
        return MessageSubscription.named("project-service/main")
                .on(
                        ServiceStateChanged.class,
                        (event, meta) ->
                                services.observe(event.service(), ServiceStatus.of(event.state()), event.url()))
                .with(databases)
                .build();
    }
}

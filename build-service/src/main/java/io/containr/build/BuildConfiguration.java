package io.containr.build;

import io.containr.build.branch.BranchWatch;
import io.containr.build.cleanup.ServiceLeftovers;
import io.containr.build.job.messaging.BuildCommands;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.directory.ProjectDirectoryConfiguration;
import io.containr.runtime.messaging.MessageSubscription;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the service together: its settings, and every message it listens to. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BuildProperties.class)
@Import(ProjectDirectoryConfiguration.class)
class BuildConfiguration {

    @Bean
    MessageSubscription buildSubscription(
            ProjectDirectory directory, BranchWatch branches, BuildCommands commands, ServiceLeftovers leftovers) {
        return MessageSubscription.named("build-service/main")
                .with(directory)
                .with(branches)
                .on(StartBuild.class, commands::start)
                .on(CancelBuild.class, commands::cancel)
                .on(ServiceDeleted.class, (event, meta) -> leftovers.serviceDeleted(event.service()))
                .on(ProjectDeleted.class, (event, meta) -> leftovers.projectDeleted(event.project()))
                .on(
                        ReleasesRetained.class,
                        (event, meta) -> leftovers.retain(event.service(), event.digests(), meta.time()))
                .build();
    }
}

package io.containr.database.messaging;

import io.containr.database.backup.BackupLoop;
import io.containr.database.managed.InstanceReports;
import io.containr.database.managed.Measurements;
import io.containr.database.managed.ProjectEnd;
import io.containr.database.managed.Recoveries;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.MessageSubscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which messages this service wants. */
@Configuration(proxyBeanMethods = false)
class Subscriptions {

    @Bean
    MessageSubscription mainSubscription(
            ProjectDirectory directory,
            InstanceReports instances,
            ProjectEnd projects,
            BackupLoop backups,
            Recoveries recoveries,
            Measurements measurements) {
        return MessageSubscription.named("database-service/main")
                .with(directory)
                .with(instances)
                .with(projects)
                .with(backups)
                .with(recoveries)
                .with(measurements)
                .build();
    }
}

package io.containr.database.backup;

import io.containr.database.DatabaseProperties;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of backups that the agent is to be told of. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {

    @Bean
    WorkQueue backupQueue(WorkQueues queues, DatabaseProperties settings, ObjectProvider<BackupLoop> loop) {
        return queues.create(
                "backups", settings.concurrency(), work -> loop.getObject().look(work));
    }
}

package io.containr.agent.backup;

import io.containr.contracts.agent.VolumeCommand.BackUpVolume;
import io.containr.contracts.agent.VolumeCommand.DeleteBackup;
import io.containr.contracts.agent.VolumeCommand.RestoreVolume;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts commands, queues and loops together. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {

    private static final int CONCURRENCY = 4;

    @Bean
    WorkQueue backupQueue(WorkQueues queues, ObjectProvider<BackupLoop> loop) {
        return queues.create("backups", CONCURRENCY, work -> loop.getObject().look(work));
    }

    @Bean
    WorkQueue restoreQueue(WorkQueues queues, ObjectProvider<RestoreLoop> loop) {
        return queues.create("restores", CONCURRENCY, work -> loop.getObject().look(work));
    }

    @Bean
    MessageSubscription backupCommands(
            Backups backups, Restorations restorations, WorkQueue backupQueue, WorkQueue restoreQueue) {
        return MessageSubscription.named("proxmox-agent/backups")
                .on(BackUpVolume.class, (command, meta) -> {
                    backups.ask(command.backup(), command.service());
                    backupQueue.wake(command.backup());
                })
                .on(DeleteBackup.class, (command, meta) -> {
                    backups.delete(command.backup(), command.service());
                    backupQueue.wake(command.backup());
                })
                .on(RestoreVolume.class, (command, meta) -> {
                    restorations.ask(command.service(), command.backup());
                    restoreQueue.wake(command.service());
                })
                .build();
    }
}

package io.containr.database.archive;

import io.containr.database.DatabaseProperties;
import io.containr.runtime.net.TrustedCertificates;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.work.WorkQueue;
import io.containr.runtime.work.WorkQueues;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of copies; the queues of archives that are to be read or copied, and of volumes that are to be made of one. */
@Configuration(proxyBeanMethods = false)
class ArchiveConfiguration {

    /** Whole archives are read, which is a disk's and a network's work. */
    private static final int AT_ONCE = 2;

    @Bean
    CopyStore copyStore(
            DatabaseProperties settings,
            SecretBox secrets,
            @Value("${" + TrustedCertificates.SETTING + ":}") String authorities) {
        return new CopyStore(
                settings.backups(),
                secrets,
                Optional.of(authorities).filter(file -> !file.isBlank()).map(Path::of));
    }

    @Bean
    WorkQueue archiveQueue(WorkQueues queues, ObjectProvider<ArchiveLoop> loop) {
        return queues.create("archives", AT_ONCE, work -> loop.getObject().look(work));
    }

    @Bean
    WorkQueue restoreQueue(WorkQueues queues, ObjectProvider<RestoreOrders> orders) {
        return queues.create("restores", 2 * AT_ONCE, work -> orders.getObject().look(work));
    }
}

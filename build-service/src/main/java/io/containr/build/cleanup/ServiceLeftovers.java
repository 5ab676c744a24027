package io.containr.build.cleanup;

import io.containr.build.job.BuildDesk;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.work.WorkQueue;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Notes what is no longer needed of a service; {@link ServiceCleanup} takes it away. */
@Component
public class ServiceLeftovers {

    private final JdbcClient jdbc;
    private final WorkQueue queue;
    private final BuildDesk desk;

    ServiceLeftovers(JdbcClient jdbc, WorkQueue cleanupQueue, BuildDesk desk) {
        this.jdbc = jdbc;
        this.queue = cleanupQueue;
        this.desk = desk;
    }

    /** Nothing of it is needed any more. */
    @Transactional
    public void serviceDeleted(ServiceId service) {
        jdbc.sql("""
                insert into image_retention (service_id, digests, deleted) values (:service, '', true)
                on conflict (service_id) do update set digests = '', deleted = true""").param("service", service.value()).update();
        desk.cancelAll(service, "The service was deleted.");
        queue.wake(service);
    }

    /** Of its images only these are needed. */
    @Transactional
    public void retain(ServiceId service, Set<String> digests) {
        jdbc.sql("""
                insert into image_retention (service_id, digests) values (:service, :digests)
                on conflict (service_id) do update set digests = excluded.digests
                where not image_retention.deleted""")
                .param("service", service.value())
                .param("digests", String.join(" ", digests))
                .update();
        queue.wake(service);
    }
}

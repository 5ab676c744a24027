package io.containr.build.cleanup;

import io.containr.build.job.BuildDesk;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.work.WorkQueue;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Notes what is no longer needed of a service; {@link ServiceCleanup} takes it away. */
@Component
public class ServiceLeftovers {

    private final JdbcClient jdbc;
    private final WorkQueue queue;
    private final WorkQueue projects;
    private final BuildDesk desk;
    private final Clock clock;

    ServiceLeftovers(
            JdbcClient jdbc, WorkQueue cleanupQueue, WorkQueue projectCleanupQueue, BuildDesk desk, Clock clock) {
        this.jdbc = jdbc;
        this.queue = cleanupQueue;
        this.projects = projectCleanupQueue;
        this.desk = desk;
        this.clock = clock;
    }

    /** Nothing of it is needed any more. */
    @Transactional
    public void serviceDeleted(ServiceId service) {
        jdbc.sql("""
                insert into image_retention (service_id, digests, counted_at, deleted) values (:service, '', :now, true)
                on conflict (service_id) do update set digests = '', deleted = true""")
                .param("service", service.value())
                .param("now", Timestamp.from(clock.instant()))
                .update();
        desk.cancelAll(service, "The service was deleted.");
        queue.wake(service);
    }

    /** Its services are told of one by one; here goes what was built for none of them. */
    @Transactional
    public void projectDeleted(ProjectId project) {
        desk.cancelAll(project, "The project was deleted.");
        projects.wake(project);
    }

    /** Of its images only these are needed, as of this time. */
    @Transactional
    public void retain(ServiceId service, Set<String> digests, Instant at) {
        jdbc.sql("""
                insert into image_retention (service_id, digests, counted_at) values (:service, :digests, :at)
                on conflict (service_id) do update set digests = excluded.digests, counted_at = excluded.counted_at
                where not image_retention.deleted and image_retention.counted_at < excluded.counted_at""")
                .param("service", service.value())
                .param("digests", String.join(" ", digests))
                .param("at", Timestamp.from(at))
                .update();
        queue.wake(service);
    }
}

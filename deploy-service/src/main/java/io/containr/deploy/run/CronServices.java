package io.containr.deploy.run;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.Schedule;
import io.containr.runtime.rows.Rows;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stored times: when each scheduled service is due next. */
@Repository
class CronServices {

    private final JdbcClient jdbc;

    CronServices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param schedule that {@code nextAt} was reckoned by, null: none
     * @param nextAt null: does not come by itself
     */
    record CronService(
            ProjectId project,
            @Nullable Schedule schedule,
            @Nullable Instant nextAt) {}

    /** Makes the row where there is none. */
    void open(ServiceId service, ProjectId project) {
        jdbc.sql("insert into cron_service (service_id, project_id) values (:service, :project) on conflict do nothing")
                .param("service", service.value())
                .param("project", project.value())
                .update();
    }

    /** Locks the row until the transaction ends; empty where there is none. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<CronService> lock(ServiceId service) {
        return find(service, " for update");
    }

    Optional<CronService> find(ServiceId service) {
        return find(service, "");
    }

    private Optional<CronService> find(ServiceId service, String lock) {
        return jdbc.sql("select * from cron_service where service_id = :service" + lock)
                .param("service", service.value())
                .query((row, i) -> {
                    String cron = row.getString("cron");
                    return new CronService(
                            Rows.id(row, "project_id", ProjectId::new),
                            cron == null ? null : new Schedule(cron, row.getString("time_zone")),
                            Rows.instantOrNull(row, "next_at"));
                })
                .optional();
    }

    void plan(ServiceId service, @Nullable Schedule schedule, @Nullable Instant nextAt) {
        jdbc.sql("""
                update cron_service set cron = :cron, time_zone = :zone, next_at = :next where service_id = :service""")
                .param("cron", schedule == null ? null : schedule.cron())
                .param("zone", schedule == null ? null : schedule.timeZone())
                .param("next", nextAt == null ? null : Timestamp.from(nextAt))
                .param("service", service.value())
                .update();
    }

    void delete(ServiceId service) {
        jdbc.sql("delete from cron_service where service_id = :service")
                .param("service", service.value())
                .update();
    }
}

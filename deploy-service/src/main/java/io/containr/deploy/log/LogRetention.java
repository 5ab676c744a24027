package io.containr.deploy.log;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.DeployProperties;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Lets go of lines that are too many or too old. */
@Component
class LogRetention {

    private final JdbcClient jdbc;
    private final DeployProperties.Logs settings;
    private final Clock clock;
    private final Set<ServiceId> touched = ConcurrentHashMap.newKeySet();

    LogRetention(JdbcClient jdbc, DeployProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings.logs();
        this.clock = clock;
    }

    /** The service has new lines, so perhaps too many. */
    void touched(ServiceId service) {
        touched.add(service);
    }

    @Scheduled(
            initialDelayString = "${containr.deploy.logs.prune:1m}",
            fixedDelayString = "${containr.deploy.logs.prune:1m}")
    void prune() {
        for (ServiceId service : Set.copyOf(touched)) {
            touched.remove(service);
            pruneToLimit(service);
        }
        jdbc.sql("delete from log_line where stored_at < :before")
                .param("before", Timestamp.from(clock.instant().minus(settings.age())))
                .update();
    }

    private void pruneToLimit(ServiceId service) {
        jdbc.sql("""
                delete from log_line where service_id = :service and runtime and id <= (
                    select id from log_line where service_id = :service and runtime
                    order by id desc offset :lines limit 1)""")
                .param("service", service.value())
                .param("lines", settings.lines())
                .update();
    }
}

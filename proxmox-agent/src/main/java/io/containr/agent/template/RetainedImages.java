package io.containr.agent.template;

import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which images may still be wanted back, by deploy-service's latest word on each service. */
@Component
public class RetainedImages {

    private final JdbcClient jdbc;

    RetainedImages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Replaces what was said of the service before. */
    public void remember(ReleasesRetained event) {
        jdbc.sql("delete from retained_images where service_id = :service")
                .param("service", event.service().value())
                .update();
        if (!event.digests().isEmpty()) {
            jdbc.sql("insert into retained_images (service_id, digests) values (:service, :digests)")
                    .param("service", event.service().value())
                    .param("digests", event.digests().toArray(String[]::new))
                    .update();
        }
    }
}

package io.containr.deploy.rollout;

import io.containr.deploy.deployment.DeploymentStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Counts how deployments end and how long they take. */
@Component
class Outcomes {

    private final MeterRegistry metrics;

    Outcomes(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void count(DeploymentStatus status, Duration took) {
        metrics.timer("containr.deployments", "outcome", status.word()).record(took);
    }
}

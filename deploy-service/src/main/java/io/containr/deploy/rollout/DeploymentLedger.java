package io.containr.deploy.rollout;

import io.containr.contracts.deploy.DeployEvent.DeploymentCreated;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.deployment.Trigger;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Origins;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Records new deployments and tells of them. */
@Component
class DeploymentLedger {

    private final Deployments deployments;
    private final Outbox outbox;
    private final Clock clock;

    DeploymentLedger(Deployments deployments, Outbox outbox, Clock clock) {
        this.deployments = deployments;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** The caller holds the lock of the rollout. */
    DeploymentId record(ServiceSpec spec, Trigger trigger, Deployment.Source source) {
        DeploymentId id = new DeploymentId(Ids.next());
        deployments.add(id, spec, trigger, source, Origins.current(), clock.instant());
        String commit = source.commit() == null ? null : source.commit().hash();
        outbox.append(
                new DeploymentCreated(id, spec.service(), spec.project(), trigger.word(), commit), spec.service());
        return id;
    }
}

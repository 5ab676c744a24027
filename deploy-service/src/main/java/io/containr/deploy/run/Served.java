package io.containr.deploy.run;

import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.Releases;
import io.containr.deploy.rollout.DeploymentControl;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What a run of a service runs: the release that was deployed last. */
@Component
class Served {

    private final DeploymentControl control;
    private final Deployments deployments;
    private final Releases releases;

    Served(DeploymentControl control, Deployments deployments, Releases releases) {
        this.control = control;
        this.deployments = deployments;
        this.releases = releases;
    }

    record Serving(Deployment deployment, Release release) {}

    /** Empty before anything was deployed. */
    Optional<Serving> of(ServiceId service) {
        return control.serving(service)
                .map(serving -> new Serving(deployments.get(serving.deployment()), releases.get(serving.release())));
    }
}

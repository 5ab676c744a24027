package io.containr.deploy.rollout;

import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.instance.Instances;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.Releases;
import io.containr.deploy.rollout.Observed.Attempt;
import io.containr.deploy.rollout.Observed.Plan;
import io.containr.deploy.rollout.Observed.Serving;
import io.containr.deploy.route.Gateways;
import io.containr.deploy.route.HostNames;
import io.containr.runtime.directory.ProjectDirectory;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads all that the next step of a service depends on. */
@Component
class Observer {

    private final ProjectDirectory directory;
    private final Deployments deployments;
    private final Releases releases;
    private final Instances instances;
    private final HostNames hosts;
    private final Gateways gateways;

    Observer(
            ProjectDirectory directory,
            Deployments deployments,
            Releases releases,
            Instances instances,
            HostNames hosts,
            Gateways gateways) {
        this.directory = directory;
        this.deployments = deployments;
        this.releases = releases;
        this.instances = instances;
        this.hosts = hosts;
        this.gateways = gateways;
    }

    Desired desired(ServiceId service) {
        Optional<ServiceSpec> spec = directory.find(service);
        return spec.map(known ->
                        new Desired(true, known.wanted() == Wanted.RUNNING, known.restarts(), known.instances()))
                .orElse(Desired.DELETED);
    }

    /** @param rollout as it is under its lock */
    Observed observed(Rollout rollout) {
        ServiceId service = rollout.service();
        Rollout.Serving serving = rollout.serving();
        return new Observed(
                rollout,
                serving == null ? null : new Serving(serving.deployment(), plan(serving.release())),
                deployments.active(service).stream().map(this::attempt).toList(),
                instances.of(service),
                gateways.serving(hosts.find(service).orElse(null)),
                deployments
                        .lastOutcome(service)
                        .filter(DeploymentStatus.FAILED::equals)
                        .isPresent());
    }

    private Attempt attempt(Deployment deployment) {
        return new Attempt(
                deployment.id(),
                deployment.status(),
                deployment.statusSince(),
                deployment.trigger() == Trigger.WEBHOOK,
                deployment.reason(),
                deployment.build().state(),
                deployment.build().askedAt(),
                deployment.build().failure(),
                planOrNull(deployment.release()));
    }

    private @Nullable Plan planOrNull(@Nullable ReleaseId release) {
        return release == null ? null : plan(release);
    }

    private Plan plan(ReleaseId id) {
        Release release = releases.get(id);
        HealthCheck check = release.healthCheck();
        return new Plan(
                release.runs(),
                release.routed(),
                release.volume() != null,
                check == null ? Duration.ZERO : check.timeout());
    }
}

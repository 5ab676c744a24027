package io.containr.deploy.rollout;

import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.deploy.DeployEvent.ServiceStateChanged;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.route.Route;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.instance.Instances;
import io.containr.deploy.log.LogStore;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.Releases;
import io.containr.deploy.route.Gateways;
import io.containr.deploy.route.HostNames;
import io.containr.deploy.variable.PrivateNames;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.Outbox;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What is done to a service as a whole: its route, its rest, its end. */
@Component
class ServiceSteps {

    private final ProjectDirectory directory;
    private final Deployments deployments;
    private final Releases releases;
    private final Instances instances;
    private final Rollouts rollouts;
    private final HostNames hosts;
    private final PrivateNames privateNames;
    private final Gateways gateways;
    private final LogStore logs;
    private final DeploymentLedger ledger;
    private final Outbox outbox;
    private final Clock clock;

    ServiceSteps(
            ProjectDirectory directory,
            Deployments deployments,
            Releases releases,
            Instances instances,
            Rollouts rollouts,
            HostNames hosts,
            PrivateNames privateNames,
            Gateways gateways,
            LogStore logs,
            DeploymentLedger ledger,
            Outbox outbox,
            Clock clock) {
        this.directory = directory;
        this.deployments = deployments;
        this.releases = releases;
        this.instances = instances;
        this.rollouts = rollouts;
        this.hosts = hosts;
        this.privateNames = privateNames;
        this.gateways = gateways;
        this.logs = logs;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    void redeploy(Step.Redeploy step, Rollout rollout, Desired desired) {
        Rollout.Serving serving = Objects.requireNonNull(rollout.serving(), "only what served is deployed again");
        ServiceSpec spec = directory.find(rollout.service()).orElseThrow();
        Release release = releases.get(serving.release());
        rollouts.sawRestarts(rollout.service(), desired.restarts());
        ledger.record(spec, step.trigger(), Deployment.Source.release(release.id(), release.commit(), null));
    }

    void acknowledgeRestart(ServiceId service, Desired desired) {
        rollouts.sawRestarts(service, desired.restarts());
    }

    void noteStopped(ServiceId service, Desired desired) {
        rollouts.raiseGeneration(service);
        rollouts.stop(service, desired.restarts());
    }

    void publishRoute(Step.PublishRoute step, Rollout rollout) {
        String host = hosts.find(rollout.service()).orElseThrow();
        long generation = rollouts.publish(rollout.service(), step.targets(), step.owner(), clock.instant());
        instances.markRouted(step.targets().stream().map(Target::instance).toList());
        outbox.append(new Route(host, rollout.service(), rollout.project(), generation, step.targets()), host);
    }

    void withdrawRoute(ServiceId service) {
        rollouts.withdrawRoute(service);
        hosts.find(service).ifPresent(host -> outbox.appendTombstone(Route.class, host));
    }

    void announce(Step.Announce step, Rollout rollout) {
        Optional<String> url = hosts.find(rollout.service()).map(hosts::url);
        rollouts.announced(rollout.service(), step.state());
        outbox.append(
                new ServiceStateChanged(
                        rollout.service(), rollout.project(), step.state().word(), url.orElse(null)),
                rollout.service());
    }

    void forget(Rollout rollout) {
        ServiceId service = rollout.service();
        logs.deleteAll(service);
        deployments.deleteAll(service);
        releases.deleteAll(service);
        hosts.find(service).ifPresent(gateways::forget);
        hosts.release(service);
        privateNames.release(service);
        rollouts.delete(service);
        outbox.append(new ReleasesRetained(service, rollout.project(), Set.of()), service);
    }
}

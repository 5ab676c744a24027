package io.containr.deploy.rollout;

import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.release.Release;
import io.containr.deploy.route.HostNames;
import io.containr.deploy.variable.PrivateNames;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.work.WorkQueue;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How requests enter the loop: each changes what is wanted and has the service looked at. */
@Component
public class DeploymentControl {

    private final Rollouts rollouts;
    private final Deployments deployments;
    private final DeploymentLedger ledger;
    private final HostNames hosts;
    private final PrivateNames privateNames;
    private final Observer observer;
    private final StepExecutor executor;
    private final InstanceSteps instances;
    private final WorkQueue reconcile;

    DeploymentControl(
            Rollouts rollouts,
            Deployments deployments,
            DeploymentLedger ledger,
            HostNames hosts,
            PrivateNames privateNames,
            Observer observer,
            StepExecutor executor,
            InstanceSteps instances,
            WorkQueue reconcile) {
        this.rollouts = rollouts;
        this.deployments = deployments;
        this.ledger = ledger;
        this.hosts = hosts;
        this.privateNames = privateNames;
        this.observer = observer;
        this.executor = executor;
        this.instances = instances;
        this.reconcile = reconcile;
    }

    /** A new deployment, pending. A service gets its names with its first one. */
    @Transactional
    public Deployment deploy(ServiceSpec spec, Trigger trigger, Deployment.Source source) {
        rollouts.open(spec);
        if (spec.kind().routed()) {
            hosts.assign(spec);
        }
        if (ProvidedVariables.isReachable(spec.kind())) {
            privateNames.assign(spec);
        }
        DeploymentId id = ledger.record(spec, trigger, source);
        reconcile.wake(spec.service());
        return deployments.get(id);
    }

    /**
     * A new deployment of a commit that was pushed.
     *
     * @return empty where the newest deployment is of that commit already, however it ended
     */
    @Transactional
    public Optional<Deployment> deployPush(ServiceSpec spec, String branch, Commit head) {
        rollouts.open(spec);
        boolean known = deployments.listing().newest(spec.service(), 1).stream()
                .anyMatch(newest -> head.hash().equalsIgnoreCase(newest.commitHash()));
        return known
                ? Optional.empty()
                : Optional.of(deploy(spec, Trigger.WEBHOOK, new Deployment.Source(null, branch, head, null)));
    }

    /**
     * Ends a deployment that has not ended; what serves goes on serving.
     *
     * @return the deployment as it is now; empty where it had ended already
     */
    @Transactional
    public Optional<Deployment> cancel(Deployment deployment, String reason) {
        Optional<Rollout> rollout = rollouts.lock(deployment.service());
        if (rollout.isEmpty() || deployments.get(deployment.id()).status().ended()) {
            return Optional.empty();
        }
        executor.execute(
                new Step.Cancel(deployment.id(), reason), rollout.get(), observer.desired(deployment.service()));
        reconcile.wake(deployment.service());
        return Optional.of(deployments.get(deployment.id()));
    }

    /** What serves, or served before the service was stopped: empty before the first did. */
    public Optional<Serving> serving(ServiceId service) {
        return rollouts.find(service)
                .map(Rollout::serving)
                .map(serving -> new Serving(serving.deployment(), serving.release()));
    }

    /** A release and the deployment that brought it. */
    public record Serving(DeploymentId deployment, ReleaseId release) {}

    /** A new instance of that release which runs its command once; nothing is recorded and nobody told. */
    public InstanceSpec runOnce(Deployment deployment, Release release) {
        return instances.runOnce(deployment, release);
    }

    /** The release that serves, or served before the service was stopped; empty before the first did. */
    public Optional<ReleaseId> servingRelease(ServiceId service) {
        return rollouts.find(service).map(Rollout::serving).map(Rollout.Serving::release);
    }

    /** The deployment that brought it. */
    public Optional<DeploymentId> servingDeployment(ServiceId service) {
        return rollouts.find(service).map(Rollout::serving).map(Rollout.Serving::deployment);
    }
}

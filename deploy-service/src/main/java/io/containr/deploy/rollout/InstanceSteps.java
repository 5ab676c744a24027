package io.containr.deploy.rollout;

import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.deploy.DeployEvent.RolloutStarted;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceKind;
import io.containr.deploy.DeployProperties;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.instance.Instances;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.ReleaseFactory;
import io.containr.deploy.release.Releases;
import io.containr.deploy.route.HostNames;
import io.containr.deploy.variable.PrivateNames;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.variables.ProvidedVariables;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Instances are asked for and sent away. */
@Component
class InstanceSteps {

    private static final int NAME_LENGTH = 50;

    private final Deployments deployments;
    private final Releases releases;
    private final Instances instances;
    private final Rollouts rollouts;
    private final HostNames hosts;
    private final PrivateNames privateNames;
    private final Outbox outbox;
    private final DeployProperties settings;
    private final Clock clock;

    InstanceSteps(
            Deployments deployments,
            Releases releases,
            Instances instances,
            Rollouts rollouts,
            HostNames hosts,
            PrivateNames privateNames,
            Outbox outbox,
            DeployProperties settings,
            Clock clock) {
        this.deployments = deployments;
        this.releases = releases;
        this.instances = instances;
        this.rollouts = rollouts;
        this.hosts = hosts;
        this.privateNames = privateNames;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /** The first instance of a deployment; it is as good as a restart asked for until now. */
    void startRollout(Step.StartRollout step, Desired desired) {
        Deployment deployment = deployments.get(step.deployment());
        Release release = releases.get(Objects.requireNonNull(deployment.release(), "a rollout has a release"));
        Instant now = clock.instant();
        rollouts.sawRestarts(deployment.service(), desired.restarts());
        deployments.become(deployment.id(), DeploymentStatus.DEPLOYING, "Starts its instances.", null, now);
        outbox.append(
                new RolloutStarted(
                        deployment.id(),
                        deployment.service(),
                        deployment.project(),
                        release.id(),
                        release.image().digest()),
                deployment.service());
        start(deployment, release, 1, now);
    }

    void extendRollout(Step.ExtendRollout step) {
        Deployment deployment = deployments.get(step.deployment());
        Release release = releases.get(Objects.requireNonNull(deployment.release(), "a rollout has a release"));
        start(deployment, release, step.instances(), clock.instant());
    }

    /** As many as shall serve from now on; those that are missing are no replacements. */
    void scale(Step.Scale step, Rollout rollout) {
        Rollout.Serving serving = Objects.requireNonNull(rollout.serving(), "only what serves is scaled");
        rollouts.scaled(rollout.service(), step.replicas());
        if (step.instances() > 0) {
            start(
                    deployments.get(serving.deployment()),
                    releases.get(serving.release()),
                    step.instances(),
                    clock.instant());
        }
    }

    void replace(Step.Replace step, Rollout rollout) {
        Rollout.Serving serving = Objects.requireNonNull(rollout.serving(), "only what serves is replaced");
        Instant now = clock.instant();
        rollouts.replaced(rollout.service(), step.inARow(), now);
        start(deployments.get(serving.deployment()), releases.get(serving.release()), step.instances(), now);
    }

    private void start(Deployment deployment, Release release, int count, Instant now) {
        long generation = rollouts.raiseGeneration(deployment.service());
        for (int i = 0; i < count; i++) {
            InstanceSpec spec = spec(deployment, release, generation, false);
            instances.add(spec, now);
            outbox.append(new EnsureInstance(spec), deployment.service());
        }
    }

    InstanceSpec runOnce(Deployment deployment, Release release) {
        return spec(deployment, release, 1, true);
    }

    private InstanceSpec spec(Deployment deployment, Release release, long generation, boolean once) {
        InstanceId id = new InstanceId(Ids.next());
        String hash = id.toString().substring(24);
        String privateName =
                ProvidedVariables.isReachable(release.kind()) ? privateNames.assign(deployment.spec()) : null;
        return new InstanceSpec(
                id,
                deployment.service(),
                deployment.project(),
                deployment.id(),
                generation,
                HostNames.cut(HostNames.slug(deployment.spec().name()), NAME_LENGTH) + "-" + hash,
                release.region(),
                release.image(),
                release.command(),
                environment(deployment, release, privateName),
                release.variables(),
                release.resources(),
                release.port(),
                release.healthCheck(),
                settings.patience().stopGrace(),
                release.volume(),
                privateName,
                once ? true : null,
                null);
    }

    private Map<String, String> environment(Deployment deployment, Release release, @Nullable String privateName) {
        Map<String, String> environment = new HashMap<>();
        environment.put(ProvidedVariables.SERVICE_NAME, deployment.spec().name());
        environment.put(ProvidedVariables.DEPLOYMENT_ID, deployment.id().toString());
        putIfPresent(environment, ProvidedVariables.PORT, port(release));
        putIfPresent(
                environment,
                ProvidedVariables.PRIVATE_DOMAIN,
                privateName == null ? null : PrivateNames.domain(privateName));
        if (release.routed()) {
            putIfPresent(
                    environment,
                    ProvidedVariables.PUBLIC_DOMAIN,
                    hosts.find(deployment.service()).orElse(null));
        }
        putIfPresent(
                environment,
                ProvidedVariables.GIT_COMMIT_SHA,
                release.commit() == null ? null : release.commit().hash());
        return environment;
    }

    /** A worker need not listen, but is told where it would be looked for. */
    private static @Nullable Integer port(Release release) {
        boolean silent =
                release.kind() == ServiceKind.WORKER && !release.variables().containsKey(ProvidedVariables.PORT);
        return silent ? Integer.valueOf(ReleaseFactory.USUAL_PORT) : release.port();
    }

    private static void putIfPresent(Map<String, String> environment, String name, @Nullable Object value) {
        if (value != null) {
            environment.put(name, value.toString());
        }
    }

    void remove(Step.RemoveInstances step, Rollout rollout) {
        ServiceId service = rollout.service();
        instances.markUnwanted(step.instances(), clock.instant());
        step.instances().stream()
                .sorted(java.util.Comparator.comparing(InstanceId::value))
                .forEach(instance -> outbox.append(
                        new RemoveInstance(
                                instance,
                                service,
                                rollout.generation(),
                                step.drain(),
                                settings.patience().stopGrace()),
                        service));
    }
}

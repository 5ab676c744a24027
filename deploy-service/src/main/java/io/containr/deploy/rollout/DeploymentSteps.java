package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildCommand.CancelBuild;
import io.containr.contracts.build.BuildCommand.StartBuild;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.deploy.DeployEvent.DeploymentCancelled;
import io.containr.contracts.deploy.DeployEvent.DeploymentFailed;
import io.containr.contracts.deploy.DeployEvent.DeploymentSucceeded;
import io.containr.contracts.deploy.DeployEvent.DeploymentSuperseded;
import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.DeployProperties;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.instance.Instances;
import io.containr.deploy.release.Release;
import io.containr.deploy.release.ReleaseFactory;
import io.containr.deploy.release.ReleaseFactory.UnusableSpecException;
import io.containr.deploy.release.Releases;
import io.containr.deploy.route.HostNames;
import io.containr.deploy.variable.UnresolvedVariablesException;
import io.containr.deploy.variable.VariableResolution;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How a deployment goes from one status to the next, and who is told. */
@Component
class DeploymentSteps {

    private final Deployments deployments;
    private final Releases releases;
    private final ReleaseFactory releaseFactory;
    private final VariableResolution variables;
    private final Instances instances;
    private final Rollouts rollouts;
    private final HostNames hosts;
    private final Outbox outbox;
    private final DeployProperties settings;
    private final Outcomes outcomes;
    private final WorkQueue runQueue;
    private final Clock clock;

    DeploymentSteps(
            Deployments deployments,
            Releases releases,
            ReleaseFactory releaseFactory,
            VariableResolution variables,
            Instances instances,
            Rollouts rollouts,
            HostNames hosts,
            Outbox outbox,
            DeployProperties settings,
            Outcomes outcomes,
            WorkQueue runQueue,
            Clock clock) {
        this.deployments = deployments;
        this.releases = releases;
        this.releaseFactory = releaseFactory;
        this.variables = variables;
        this.instances = instances;
        this.rollouts = rollouts;
        this.hosts = hosts;
        this.outbox = outbox;
        this.settings = settings;
        this.outcomes = outcomes;
        this.runQueue = runQueue;
        this.clock = clock;
    }

    void startBuild(Step.StartBuild step) {
        Deployment deployment = deployments.get(step.deployment());
        Optional<ServiceSpec> resolved = resolved(deployment, () -> variables.resolve(deployment.spec(), null));
        if (resolved.isEmpty()) {
            return;
        }
        ServiceSpec spec = resolved.get();
        BuildId build = new BuildId(Ids.next());
        Instant now = clock.instant();
        deployments.buildAsked(deployment.id(), build, now);
        deployments.become(deployment.id(), DeploymentStatus.QUEUED, "Waits for a build worker.", null, now);
        outbox.append(
                new StartBuild(
                        build,
                        deployment.id(),
                        deployment.service(),
                        deployment.project(),
                        spec.owner(),
                        spec.source(),
                        spec.build(),
                        deployment.branch(),
                        deployment.commitHash(),
                        spec.variables(),
                        spec.gitCredential(),
                        spec.kind()),
                deployment.service());
    }

    void noteBuilding(Step.NoteBuilding step) {
        deployments.become(step.deployment(), DeploymentStatus.BUILDING, null, null, clock.instant());
    }

    void makeRelease(Step.MakeRelease step) {
        Deployment deployment = deployments.get(step.deployment());
        PreparedImage image = Objects.requireNonNull(deployment.build().image(), "a build that succeeded has an image");
        resolved(deployment, () -> release(deployment, image)).ifPresent(release -> {
            releases.add(release, clock.instant());
            deployments.released(deployment.id(), release.id());
        });
    }

    private Release release(Deployment deployment, PreparedImage image) {
        ServiceSpec spec = deployment.spec();
        boolean saysPort = spec.variables().containsKey(ProvidedVariables.PORT);
        ServiceSpec resolved = variables.resolve(spec, saysPort ? null : releaseFactory.port(spec, image));
        return releaseFactory.make(resolved, deployment.id(), image, deployment.commit());
    }

    /** What becomes of variables that were fine when the deployment was asked for; empty, and failed, where they no longer are. */
    private <T> Optional<T> resolved(Deployment deployment, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (UnresolvedVariablesException e) {
            fail(new Step.Fail(deployment.id(), new Failure("VARIABLES_UNRESOLVED", String.valueOf(e.getMessage()))));
        } catch (UnusableSpecException e) {
            fail(new Step.Fail(deployment.id(), new Failure("SETTINGS_UNUSABLE", String.valueOf(e.getMessage()))));
        }
        return Optional.empty();
    }

    void queue(Step.Queue step) {
        deployments.become(step.deployment(), DeploymentStatus.QUEUED, step.reason(), null, clock.instant());
    }

    void explain(Step.Explain step) {
        deployments.explain(step.deployment(), step.reason(), clock.instant());
    }

    void complete(Step.Complete step, Rollout rollout) {
        Deployment deployment = deployments.get(step.deployment());
        ReleaseId releaseId = Objects.requireNonNull(deployment.release(), "what serves has a release");
        Release release = releases.get(releaseId);
        Instant now = clock.instant();
        List<Instance> started = instances.of(deployment.service()).stream()
                .filter(instance -> instance.deployment().equals(deployment.id()))
                .toList();
        deployments.addPhases(deployment.id(), phases(deployment, release, started, rollout, now));
        int serving = (int) started.stream().filter(Instance::wanted).count();
        rollouts.serve(deployment.service(), deployment.id(), releaseId, Math.max(1, serving));
        releases.markDeployed(releaseId, now);
        end(deployment, DeploymentStatus.DEPLOYED, step.remark(), null);
        String url = release.routed()
                ? hosts.find(deployment.service()).map(hosts::url).orElse(null)
                : null;
        outbox.append(
                new DeploymentSucceeded(deployment.id(), deployment.service(), deployment.project(), releaseId, url),
                deployment.service());
        retain(deployment);
        if (!release.runs()) {
            runQueue.wake(deployment.service());
        }
    }

    private static Map<String, Duration> phases(
            Deployment deployment, Release release, List<Instance> started, Rollout rollout, Instant now) {
        Map<String, Duration> phases = new HashMap<>();
        for (Instance instance : started) {
            instance.phases().parts().forEach((part, time) -> phases.merge(part, time, DeploymentSteps::longer));
        }
        Instant publishedAt = rollout.route().publishedAt();
        if (release.routed() && publishedAt != null) {
            phases.put("route", Duration.between(publishedAt, now));
        }
        phases.put("total", Duration.between(deployment.createdAt(), now));
        return phases;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    void fail(Step.Fail step) {
        Deployment deployment = deployments.get(step.deployment());
        end(deployment, DeploymentStatus.FAILED, null, step.failure());
        outbox.append(
                new DeploymentFailed(deployment.id(), deployment.service(), deployment.project(), step.failure()),
                deployment.service());
        retain(deployment);
    }

    void cancel(Step.Cancel step) {
        Deployment deployment = deployments.get(step.deployment());
        end(deployment, DeploymentStatus.CANCELLED, step.reason(), null);
        outbox.append(
                new DeploymentCancelled(deployment.id(), deployment.service(), deployment.project()),
                deployment.service());
        retain(deployment);
    }

    void supersede(Step.Supersede step) {
        Deployment deployment = deployments.get(step.deployment());
        end(deployment, DeploymentStatus.SUPERSEDED, "A newer deployment took its place.", null);
        outbox.append(
                new DeploymentSuperseded(deployment.id(), deployment.service(), deployment.project(), step.by()),
                deployment.service());
    }

    /** However it ended: its build is no longer needed, and what serves is kept serving again. */
    private void end(
            Deployment deployment, DeploymentStatus status, @Nullable String reason, @Nullable Failure failure) {
        Instant now = clock.instant();
        deployments.become(deployment.id(), status, reason, failure, now);
        BuildId build = deployment.build().id();
        boolean builds = switch (deployment.build().state()) {
            case ASKED, STARTED -> true;
            case NONE, SUCCEEDED, FAILED, CANCELLED -> false;
        };
        if (builds && build != null) {
            outbox.append(new CancelBuild(build, "Its deployment is " + status.word() + "."), deployment.service());
        }
        if (status != DeploymentStatus.SUPERSEDED) {
            rollouts.resume(deployment.service());
        }
        outcomes.count(status, Duration.between(deployment.createdAt(), now));
    }

    private void retain(Deployment ended) {
        List<ReleaseId> needed = new ArrayList<>();
        deployments.active(ended.service()).forEach(active -> addIfPresent(needed, active.release()));
        Rollout.Serving serving = rollouts.lock(ended.service()).orElseThrow().serving();
        addIfPresent(needed, serving == null ? null : serving.release());
        Set<String> digests = releases.retain(ended.service(), settings.keptReleases(), needed);
        outbox.append(new ReleasesRetained(ended.service(), ended.project(), digests), ended.service());
    }

    private static void addIfPresent(List<ReleaseId> releases, @Nullable ReleaseId release) {
        if (release != null) {
            releases.add(release);
        }
    }
}

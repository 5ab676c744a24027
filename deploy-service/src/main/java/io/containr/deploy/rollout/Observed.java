package io.containr.deploy.rollout;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.deploy.deployment.BuildState;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.instance.Instance;
import io.containr.deploy.route.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the next step depends on.
 *
 * @param serving what serves, null before the first deployment did
 * @param attempts deployments that have not ended, oldest first
 * @param instances wanted ones and those whose removal is not confirmed, oldest first
 * @param gateways those that did not say they stopped, with what they serve of this service's host
 * @param lastFailed whether the latest deployment that ended did so by failing
 */
record Observed(
        Rollout rollout,
        @Nullable Serving serving,
        List<Attempt> attempts,
        List<Instance> instances,
        List<Gateway> gateways,
        boolean lastFailed) {

    Observed {
        attempts = List.copyOf(attempts);
        instances = List.copyOf(instances);
        gateways = List.copyOf(gateways);
    }

    /**
     * What a release needs.
     *
     * @param runs whether it has instances that stay
     * @param routed whether a route leads to them
     * @param keepsVolume whether they have one volume, so that only one of them can run at a time
     * @param healthTimeout how long an instance may take to become healthy once it runs
     */
    record Plan(boolean runs, boolean routed, boolean keepsVolume, Duration healthTimeout) {}

    record Serving(DeploymentId deployment, Plan plan) {}

    /**
     * A deployment that has not ended.
     *
     * @param since when it got its status
     * @param pushed whether a push asked for it, which others may follow at once
     * @param reason what it is said to wait for
     * @param askedAt when its build was asked for, null where it was not
     * @param plan of its release, null while that is not made
     */
    record Attempt(
            DeploymentId id,
            DeploymentStatus status,
            Instant since,
            boolean pushed,
            @Nullable String reason,
            BuildState build,
            @Nullable Instant askedAt,
            @Nullable Failure buildFailure,
            @Nullable Plan plan) {}
}

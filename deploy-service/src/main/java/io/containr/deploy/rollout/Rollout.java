package io.containr.deploy.rollout;

import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route.Target;
import io.containr.runtime.messaging.Origin;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is true of one service as a whole.
 *
 * @param generation of its desired state; rises with every change of it
 * @param serving the deployment and release that serve, null before the first one did
 * @param restartsSeen up to which request to restart was done as asked
 * @param stopped whether the wish to stop was carried out
 * @param replicas how many instances what serves is kept at
 * @param replacements how many instances in a row were replaced
 * @param state as last announced, null if it never was
 * @param wishOrigin who last changed what is wanted of the service
 */
record Rollout(
        ServiceId service,
        ProjectId project,
        long generation,
        @Nullable Serving serving,
        long restartsSeen,
        boolean stopped,
        int replicas,
        int replacements,
        @Nullable Instant replacedAt,
        PublishedRoute route,
        @Nullable ServiceState state,
        @Nullable Origin wishOrigin) {

    record Serving(DeploymentId deployment, ReleaseId release) {}

    /**
     * @param generation 0 if there never was one
     * @param owner the deployment being rolled out that it was published for, null where it serves what served before
     */
    record PublishedRoute(
            long generation,
            List<Target> targets,
            @Nullable DeploymentId owner,
            @Nullable Instant publishedAt) {

        PublishedRoute {
            targets = List.copyOf(targets);
        }
    }
}

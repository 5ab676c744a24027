package io.containr.contracts.deploy;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts from deploy-service; key is the service id. */
public sealed interface DeployEvent {

    ServiceId service();

    ProjectId project();

    /**
     * Somebody asked for a deployment.
     *
     * @param trigger manual, webhook, restart, start or rollback
     */
    record DeploymentCreated(
            DeploymentId deployment,
            ServiceId service,
            ProjectId project,
            String trigger,
            @Nullable String commit) implements DeployEvent {}

    /** Its release is known and its first instance was asked for. */
    record RolloutStarted(
            DeploymentId deployment, ServiceId service, ProjectId project, ReleaseId release, String imageDigest)
            implements DeployEvent {}

    /**
     * Traffic, where there is any, goes to the new instances.
     *
     * @param url where it answers, null for a service without a route
     */
    record DeploymentSucceeded(
            DeploymentId deployment,
            ServiceId service,
            ProjectId project,
            ReleaseId release,
            @Nullable String url) implements DeployEvent {}

    /** What served before goes on serving. */
    record DeploymentFailed(DeploymentId deployment, ServiceId service, ProjectId project, Failure failure)
            implements DeployEvent {}

    record DeploymentSuperseded(DeploymentId deployment, ServiceId service, ProjectId project, DeploymentId by)
            implements DeployEvent {}

    record DeploymentCancelled(DeploymentId deployment, ServiceId service, ProjectId project) implements DeployEvent {}

    /**
     * What a list of services shows. Carries the whole; the latest one counts.
     *
     * @param state running, stopped, building or failed
     * @param url assigned once per service, null before the first deployment and for services without a route
     */
    record ServiceStateChanged(
            ServiceId service,
            ProjectId project,
            String state,
            @Nullable String url) implements DeployEvent {}

    /**
     * A scheduled service's command was started.
     *
     * @param trigger schedule or manual
     * @param scheduledAt when it was due, of a manual run when it was asked for
     */
    record RunStarted(
            RunId run,
            ServiceId service,
            ProjectId project,
            DeploymentId deployment,
            String trigger,
            Instant scheduledAt)
            implements DeployEvent {}

    /**
     * A run ended, or did not take place.
     *
     * @param status succeeded, failed, skipped (the one before had not ended) or missed (nobody was there to start it)
     * @param exitCode null where the command did not end by itself
     * @param failure set where it failed
     */
    record RunFinished(
            RunId run,
            ServiceId service,
            ProjectId project,
            String trigger,
            Instant scheduledAt,
            String status,
            @Nullable Integer exitCode,
            @Nullable Failure failure)
            implements DeployEvent {}

    /**
     * Only these images of the service can still be rolled back to; others may be removed. Empty after the service was deleted.
     *
     * @param digests {@code sha256:…} of prepared images
     */
    record ReleasesRetained(ServiceId service, ProjectId project, Set<String> digests) implements DeployEvent {

        public ReleasesRetained {
            digests = Set.copyOf(digests);
        }
    }
}

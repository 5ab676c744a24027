package io.containr.contracts.build;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts from build-service; key is the service id. */
public sealed interface BuildEvent {

    BuildId build();

    @Nullable
    DeploymentId deployment();

    ServiceId service();

    ProjectId project();

    /** A worker took the build. */
    record BuildStarted(BuildId build, @Nullable DeploymentId deployment, ServiceId service, ProjectId project)
            implements BuildEvent {}

    /**
     * The image is in the registry, prepared.
     *
     * @param commit what was built, null for a build from an image
     * @param phases how long each part took: clone, build, push, prepare
     */
    record BuildSucceeded(
            BuildId build,
            @Nullable DeploymentId deployment,
            ServiceId service,
            ProjectId project,
            PreparedImage image,
            @Nullable Commit commit,
            Map<String, Duration> phases)
            implements BuildEvent {

        public BuildSucceeded {
            phases = Map.copyOf(phases);
        }
    }

    record BuildFailed(
            BuildId build, @Nullable DeploymentId deployment, ServiceId service, ProjectId project, Failure failure)
            implements BuildEvent {}

    record BuildCancelled(BuildId build, @Nullable DeploymentId deployment, ServiceId service, ProjectId project)
            implements BuildEvent {}

    /** A commit: full hash, first line of its message, author as {@code name <email>}. */
    record Commit(String hash, String message, String author) {}
}

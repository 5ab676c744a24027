package io.containr.build.job;

import io.containr.build.image.PushedManifests;
import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One build of one source.
 *
 * @param service null for a build that belongs to a project alone; nobody is told of such a build's end
 * @param phase the part it is in or ended in, null before the first
 * @param attempts how many workers have taken it
 * @param imageName what its user calls the result, null for a deployment's build
 * @param cancelReason set once somebody wants it to stop
 * @param phases how long each part took
 * @param origin who wanted it
 */
public record Build(
        BuildId id,
        @Nullable ServiceId service,
        ProjectId project,
        UserId owner,
        @Nullable DeploymentId deployment,
        BuildStatus status,
        @Nullable BuildPhase phase,
        int attempts,
        BuildRequest request,
        @Nullable String imageName,
        @Nullable String imageTag,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable String cancelReason,
        @Nullable Failure failure,
        @Nullable PreparedImage image,
        @Nullable Commit commit,
        Map<String, Duration> phases,
        Origin origin) {

    /** One that nobody has worked on yet. */
    public static Build pending(
            BuildId id,
            @Nullable ServiceId service,
            ProjectId project,
            UserId owner,
            @Nullable DeploymentId deployment,
            BuildRequest request,
            @Nullable String imageName,
            @Nullable String imageTag,
            Instant createdAt,
            Origin origin) {
        return new Build(
                id,
                service,
                project,
                owner,
                deployment,
                BuildStatus.PENDING,
                null,
                0,
                request,
                imageName,
                imageTag,
                createdAt,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                origin);
    }

    /** What its images belong to: path of the repository, name in the engine. */
    public String scope() {
        return scope(service, project);
    }

    /** The repository of a service's images. */
    public static String scopeOf(ServiceId service) {
        return "s/" + service;
    }

    /** The repository of what is built for a project and none of its services. */
    public static String scopeOf(ProjectId project) {
        return PushedManifests.PROJECTS + project;
    }

    private static String scope(@Nullable ServiceId service, ProjectId project) {
        return service == null ? scopeOf(project) : scopeOf(service);
    }

    /** How far it is, of 100. */
    public int progress() {
        if (status == BuildStatus.SUCCESS) {
            return 100;
        }
        return phase == null ? 0 : phase.progress();
    }
}

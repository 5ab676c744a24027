package io.containr.deploy.deployment;

import io.containr.contracts.Failure;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.messaging.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to bring a release of a service into service.
 *
 * @param spec the service as it was when the deployment was asked for, with the overrides of that request
 * @param statusSince when it got its status
 * @param reason what it waits for, or a remark on how it ended
 * @param error why it failed
 * @param commit what is to be built, or was
 * @param rollbackOf the deployment whose release it brings back
 * @param image what its build made
 * @param origin who asked for it
 */
public record Deployment(
        DeploymentId id,
        ServiceId service,
        ProjectId project,
        Trigger trigger,
        DeploymentStatus status,
        Instant statusSince,
        @Nullable String reason,
        @Nullable Failure error,
        @Nullable String branch,
        @Nullable String commitHash,
        @Nullable String commitMessage,
        @Nullable String commitAuthor,
        @Nullable DeploymentId rollbackOf,
        ServiceSpec spec,
        Build build,
        @Nullable ReleaseId release,
        Phases phases,
        Origin origin,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Instant updatedAt) {

    /** What is to be deployed again without a build, or built. */
    public record Source(
            @Nullable ReleaseId release,
            @Nullable String branch,
            @Nullable Commit commit,
            @Nullable DeploymentId rollbackOf) {

        public static Source build(@Nullable String branch, @Nullable String commitHash) {
            return new Source(null, branch, commitHash == null ? null : new Commit(commitHash, "", ""), null);
        }

        public static Source release(ReleaseId release, @Nullable Commit commit, @Nullable DeploymentId rollbackOf) {
            return new Source(release, null, commit, rollbackOf);
        }
    }

    /**
     * Its build, as far as heard of.
     *
     * @param askedAt null until it was asked for
     * @param image set once it succeeded
     * @param failure set once it failed
     */
    public record Build(
            BuildState state,
            @Nullable BuildId id,
            @Nullable Instant askedAt,
            @Nullable PreparedImage image,
            @Nullable Failure failure) {}

    public @Nullable Commit commit() {
        return commitHash == null
                ? null
                : new Commit(
                        commitHash,
                        commitMessage == null ? "" : commitMessage,
                        commitAuthor == null ? "" : commitAuthor);
    }
}

package io.containr.deploy.request.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the API shows it.
 *
 * @param statusReason what it waits for, or a remark on how it ended
 * @param url where the service answers, null where no route leads to it
 * @param serving whether it is the one that serves now
 * @param canRollback whether it can be rolled back to
 * @param phases milliseconds that each part took
 * @param buildLog only where one deployment is shown
 * @param runtimeLog only where one deployment is shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeploymentView(
        UUID id,
        UUID serviceId,
        UUID projectId,
        String status,
        @Nullable String statusReason,
        String trigger,
        @Nullable String branch,
        @Nullable String commitHash,
        @Nullable String commitMessage,
        @Nullable String commitAuthor,
        @Nullable String imageName,
        @Nullable String imageTag,
        @Nullable UUID rollbackOf,
        @Nullable UUID releaseId,
        @Nullable UUID buildId,
        @Nullable String url,
        boolean serving,
        boolean canRollback,
        @Nullable String error,
        @Nullable String errorCode,
        Map<String, Long> phases,
        @Nullable String buildLog,
        @Nullable String runtimeLog,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Instant updatedAt) {}

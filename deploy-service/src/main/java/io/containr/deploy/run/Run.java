package io.containr.deploy.run;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.RunId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scheduled service, also one that did not take place.
 *
 * @param deployment that brought the release
 * @param instance that runs it, null for one that did not take place
 * @param scheduledAt when it was due, of a manual one when it was asked for
 * @param deadline when it is stopped, null for one that did not take place
 * @param startedAt when its guest ran, null before
 * @param exitCode null where the command did not end by itself
 * @param failure set where it failed
 * @param origin who asked for it
 */
public record Run(
        RunId id,
        ServiceId service,
        ProjectId project,
        DeploymentId deployment,
        ReleaseId release,
        @Nullable InstanceId instance,
        RunTrigger trigger,
        Instant scheduledAt,
        RunStatus status,
        @Nullable Instant deadline,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Integer exitCode,
        @Nullable Failure failure,
        Origin origin) {}

package io.containr.project.projects;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What groups the services of one owner. */
public record Project(
        ProjectId id,
        UserId owner,
        String name,
        @Nullable String description,
        Instant createdAt,
        Instant updatedAt,
        int servicesCount) {}

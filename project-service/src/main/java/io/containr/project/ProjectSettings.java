package io.containr.project;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of project-service, below {@code containr.project}.
 *
 * @param projectsPerOwner how many projects one user may own
 * @param servicesPerProject how many services one project may have
 */
@Validated
@ConfigurationProperties(prefix = "containr.project", ignoreUnknownFields = false)
public record ProjectSettings(
        @Positive int projectsPerOwner, @Positive int servicesPerProject) {}

package io.containr.project.services;

import io.containr.contracts.project.ServiceKind;
import io.containr.project.services.ServiceRequest.BuildConfigBody;
import io.containr.project.services.ServiceRequest.SourceBody;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A service as the API shows it. */
record ServiceBody(
        UUID id,
        UUID projectId,
        String name,
        ServiceKind type,
        String status,
        @Nullable String url,
        @Nullable SourceBody source,
        BuildConfigBody buildConfig,
        ResourcesBody resources,
        Instant createdAt,
        Instant updatedAt) {

    /** @param input what the owner described, in clear */
    static ServiceBody of(Service service, ServiceInput input) {
        Definition definition = input.definition();
        return new ServiceBody(
                service.id().value(),
                service.project().id().value(),
                definition.name(),
                definition.kind(),
                service.status().word(),
                service.url(),
                SourceBody.of(definition),
                new BuildConfigBody(
                        definition.builder(),
                        definition.buildCommand(),
                        definition.startCommand(),
                        input.environment(),
                        definition.healthCheck().path(),
                        definition.healthCheck().timeout().toSeconds(),
                        definition.watchPaths().isEmpty() ? null : definition.watchPaths(),
                        definition.schedule(),
                        definition.timeZone(),
                        definition.volumePath()),
                ResourcesBody.of(definition.resources()),
                service.createdAt(),
                service.updatedAt());
    }
}

package io.containr.runtime.directory;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.calls.ServiceCalls;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.security.Actor;
import java.util.Optional;

/** Asks project-service for what its events have not told yet. */
final class ProjectOwner {

    private final ServiceCalls calls;
    private final MessageCodec codec;

    ProjectOwner(ServiceCalls calls, MessageCodec codec) {
        this.calls = calls;
        this.codec = codec;
    }

    Optional<ServiceSpec> service(ServiceId id, Actor actor) {
        return get("/internal/services/" + id, actor).map(body -> codec.read(body, ServiceSpec.class));
    }

    Optional<ProjectSnapshot> snapshot(ProjectId id, Actor actor) {
        return get("/internal/projects/" + id, actor).map(body -> codec.read(body, ProjectSnapshot.class));
    }

    boolean project(ProjectId id, Actor actor) {
        return get("/api/v1/projects/" + id, actor).isPresent();
    }

    private Optional<byte[]> get(String path, Actor actor) {
        ServiceCalls.Answer answer = calls.get(path, actor);
        return switch (answer.status()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            default -> throw calls.unavailable(answer);
        };
    }
}

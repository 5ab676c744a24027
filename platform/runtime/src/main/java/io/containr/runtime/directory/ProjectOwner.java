package io.containr.runtime.directory;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.util.Optional;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks project-service for what its events have not told yet, with the user's own token, so that it answers by its own
 * rule. The calls are internal: the gateway routes nothing below {@code /internal}.
 */
final class ProjectOwner {

    private final RestClient client;
    private final MessageCodec codec;

    ProjectOwner(RestClient client, MessageCodec codec) {
        this.client = client;
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
        try {
            return client.get()
                    .uri(path)
                    .headers(headers -> headers.setBearerAuth(actor.token()))
                    .exchange((request, response) -> {
                        HttpStatusCode status = response.getStatusCode();
                        if (status.is2xxSuccessful()) {
                            return Optional.of(response.getBody().readAllBytes());
                        }
                        if (status.value() == 404) {
                            return Optional.empty();
                        }
                        throw ApiException.unavailable("Projects are unavailable, try again");
                    });
        } catch (RestClientException e) {
            throw ApiException.unavailable("Projects are unavailable, try again");
        }
    }
}

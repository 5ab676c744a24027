package io.containr.project.services;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.variables.SharedVariables;
import io.containr.runtime.directory.ProjectSnapshot;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.security.Actor;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** For other services that need a project whose events are still on their way; see ProjectDirectory. */
@RestController
class ProjectSnapshotController {

    private final ServiceCatalog catalog;
    private final SharedVariables shared;
    private final MessageCodec codec;

    ProjectSnapshotController(ServiceCatalog catalog, SharedVariables shared, MessageCodec codec) {
        this.catalog = catalog;
        this.shared = shared;
        this.codec = codec;
    }

    @GetMapping(path = "/internal/projects/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] snapshot(@PathVariable ProjectId id, Actor actor) {
        return codec.write(new ProjectSnapshot(
                catalog.of(id, actor).stream().map(Service::spec).toList(), shared.current(id, actor)));
    }
}

package io.containr.project.services;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.security.Actor;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ServiceController {

    private final ServiceCatalog catalog;
    private final MessageCodec codec;

    ServiceController(ServiceCatalog catalog, MessageCodec codec) {
        this.catalog = catalog;
        this.codec = codec;
    }

    @GetMapping("/api/v1/projects/{project}/services")
    List<ServiceBody> list(@PathVariable ProjectId project, Actor actor) {
        return catalog.of(project, actor).stream().map(this::body).toList();
    }

    @PostMapping("/api/v1/projects/{project}/services")
    @ResponseStatus(HttpStatus.CREATED)
    ServiceBody create(@PathVariable ProjectId project, @RequestBody ServiceRequest request, Actor actor) {
        return body(catalog.create(project, request.toCreate(), actor));
    }

    @GetMapping("/api/v1/services/{id}")
    ServiceBody get(@PathVariable ServiceId id, Actor actor) {
        return body(catalog.get(id, actor));
    }

    @PutMapping("/api/v1/services/{id}")
    ServiceBody update(@PathVariable ServiceId id, @RequestBody ServiceRequest request, Actor actor) {
        return body(catalog.redefine(id, actor, request::over));
    }

    @DeleteMapping("/api/v1/services/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable ServiceId id, Actor actor) {
        catalog.delete(id, actor);
    }

    @PostMapping("/api/v1/services/{id}/start")
    ServiceBody start(@PathVariable ServiceId id, Actor actor) {
        return body(catalog.change(id, actor, Service::started));
    }

    @PostMapping("/api/v1/services/{id}/stop")
    ServiceBody stop(@PathVariable ServiceId id, Actor actor) {
        return body(catalog.change(id, actor, Service::stopped));
    }

    @PostMapping("/api/v1/services/{id}/restart")
    ServiceBody restart(@PathVariable ServiceId id, Actor actor) {
        return body(catalog.change(id, actor, Service::restarted));
    }

    /** For other services that were asked about one whose events are still on their way; see ProjectDirectory. */
    @GetMapping(path = "/internal/services/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] spec(@PathVariable ServiceId id, Actor actor) {
        return codec.write(catalog.get(id, actor).spec());
    }

    private ServiceBody body(Service service) {
        return ServiceBody.of(service, catalog.describe(service));
    }
}

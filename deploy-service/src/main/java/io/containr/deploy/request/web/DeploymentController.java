package io.containr.deploy.request.web;

import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ServiceId;
import io.containr.deploy.Listing;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.request.DeploymentRequests;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.Page;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Deployments of services. */
@RestController
@RequestMapping("/api/v1")
class DeploymentController {

    private final DeploymentRequests requests;
    private final Deployments deployments;
    private final DeploymentViews views;
    private final ProjectDirectory directory;

    DeploymentController(
            DeploymentRequests requests, Deployments deployments, DeploymentViews views, ProjectDirectory directory) {
        this.requests = requests;
        this.deployments = deployments;
        this.views = views;
        this.directory = directory;
    }

    @PostMapping("/services/{id}/deployments")
    @ResponseStatus(HttpStatus.CREATED)
    DeploymentView deploy(
            @PathVariable UUID id,
            @Valid @RequestBody(required = false) @Nullable CreateDeploymentRequest body,
            Actor actor) {
        CreateDeploymentRequest request = body == null ? CreateDeploymentRequest.EMPTY : body;
        return views.one(requests.deploy(new ServiceId(id), request.toDomain(), actor));
    }

    @GetMapping("/services/{id}/deployments")
    DeploymentList list(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            Actor actor) {
        Page wanted = Listing.wanted(page, limit);
        ServiceId service = directory.service(new ServiceId(id), actor).service();
        Listing.Found<Deployment> found = deployments.listing().page(service, wanted);
        return new DeploymentList(views.list(service, found.items()), found.pagination());
    }

    @GetMapping("/deployments/{id}")
    OneDeployment get(@PathVariable UUID id, Actor actor) {
        return new OneDeployment(views.withLogs(requests.find(new DeploymentId(id), actor)));
    }

    @PostMapping("/deployments/{id}/rollback")
    @ResponseStatus(HttpStatus.CREATED)
    Rollback rollback(@PathVariable UUID id, Actor actor) {
        Deployment deployment = requests.rollback(new DeploymentId(id), actor);
        return new Rollback(views.one(deployment), "Rolling back to deployment " + id);
    }

    @PostMapping("/deployments/{id}/cancel")
    OneDeployment cancel(@PathVariable UUID id, Actor actor) {
        return new OneDeployment(views.one(requests.cancel(new DeploymentId(id), actor)));
    }

    record OneDeployment(DeploymentView deployment) {}

    record DeploymentList(List<DeploymentView> deployments, Listing.Pagination pagination) {}

    record Rollback(DeploymentView deployment, String message) {}
}

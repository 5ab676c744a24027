package io.containr.project.services;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.project.ProjectSettings;
import io.containr.project.input.Problems;
import io.containr.project.projects.Project;
import io.containr.project.projects.ProjectCatalog;
import io.containr.project.variables.ReferenceCheck;
import io.containr.project.variables.VariableVault;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What users do with services. Every change holds the service's row lock, raises its revision and tells the whole of it;
 * a change that changes nothing does neither.
 */
@Component
class ServiceCatalog {

    private final Services services;
    private final ProjectCatalog projects;
    private final VariableVault vault;
    private final ReferenceCheck references;
    private final CloneCredentials credentials;
    private final Outbox outbox;
    private final ProjectSettings settings;
    private final Clock clock;

    ServiceCatalog(
            Services services,
            ProjectCatalog projects,
            VariableVault vault,
            ReferenceCheck references,
            CloneCredentials credentials,
            Outbox outbox,
            ProjectSettings settings,
            Clock clock) {
        this.services = services;
        this.projects = projects;
        this.vault = vault;
        this.references = references;
        this.credentials = credentials;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    Service get(ServiceId id, Actor actor) {
        return visible(services.find(id), actor);
    }

    /** @throws ApiException NOT_FOUND if there is no such project that the actor may see */
    List<Service> of(ProjectId project, Actor actor) {
        return services.of(projects.get(project, actor).id());
    }

    /** What an owner sees of a service. */
    ServiceInput describe(Service service) {
        return new ServiceInput(service.definition(), vault.open(service.id(), service.environment()));
    }

    /** @throws ApiException CONFLICT if the project is full or has a service of that name */
    @Transactional
    public Service create(ProjectId projectId, ServiceInput input, Actor actor) {
        credentials.hold(actor.id());
        Project project = projects.lock(projectId, actor);
        if (services.countOf(project.id()) >= settings.servicesPerProject()) {
            throw ApiException.conflict(
                    "The project has reached the limit of " + settings.servicesPerProject() + " services");
        }
        ServiceId id = new ServiceId(Ids.next());
        Map<String, Sealed> environment = vault.seal(id, input.environment(), Map.of());
        Service.Parent parent = new Service.Parent(project.id(), project.owner(), project.name());
        Service service = Service.create(
                id,
                parent,
                input.definition(),
                environment,
                credentials.of(id, project.owner(), input.definition(), null),
                now());
        checkRegion(null, input.definition());
        checkReferences(service, input);
        try {
            services.insert(service);
        } catch (DuplicateKeyException e) {
            throw nameTaken(service);
        }
        outbox.append(new ServiceCreated(service.spec()), project.id());
        return service;
    }

    /**
     * Describes the service anew.
     *
     * @param change what was described before to what shall be
     * @throws ApiException NOT_FOUND if there is none that the actor may see, CONFLICT if the name is taken
     */
    @Transactional
    public Service redefine(ServiceId id, Actor actor, UnaryOperator<ServiceInput> change) {
        credentials.hold(actor.id());
        holdProjectOf(id, actor);
        return change(id, actor, before -> {
            ServiceInput described = describe(before);
            ServiceInput wanted = change.apply(described);
            checkRegion(described.definition(), wanted.definition());
            Service redefined = before.redefined(
                            wanted.definition(), vault.seal(id, wanted.environment(), before.environment()))
                    .fetchedWith(credentials.of(id, before.project().owner(), wanted.definition(), before));
            if (!wanted.environment().equals(described.environment())) {
                checkReferences(redefined, wanted);
            }
            return redefined;
        });
    }

    /**
     * Holds the project of a service until the end of the transaction. Who needs both takes the project first.
     *
     * @throws ApiException NOT_FOUND if there is no service that the actor may see
     */
    @Transactional
    public void holdProjectOf(ServiceId id, Actor actor) {
        projects.lock(get(id, actor).project().id(), actor);
    }

    /** A region that was taken away later is no reason to refuse other changes. */
    private void checkRegion(@Nullable Definition before, Definition wanted) {
        String region = wanted.resources().region();
        if (region == null
                || settings.regions().contains(region)
                || (before != null && region.equals(before.resources().region()))) {
            return;
        }
        Problems problems = new Problems();
        problems.add(
                ResourcesBody.REGION_FIELD,
                settings.regions().isEmpty()
                        ? "there are no regions to choose from"
                        : "must be one of " + String.join(", ", settings.regions()));
        problems.throwIfAny();
    }

    private void checkReferences(Service service, ServiceInput wanted) {
        Problems problems = new Problems();
        Map<String, String> all = vault.open(service.id(), service.runtimeVariables());
        references.ofService(
                problems,
                service.project().id(),
                SetsOfServices.set(service),
                all,
                ServiceRequest.ENVIRONMENT_FIELD,
                wanted.environment());
        problems.throwIfAny();
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see, CONFLICT if the name is taken */
    @Transactional
    public Service change(ServiceId id, Actor actor, UnaryOperator<Service> change) {
        Service before = visible(services.lock(id), actor);
        Service wanted = change.apply(before);
        if (wanted.equals(before)) {
            return before;
        }
        Service after = wanted.changedAt(now());
        try {
            services.update(after);
        } catch (DuplicateKeyException e) {
            throw nameTaken(after);
        }
        outbox.append(new ServiceUpdated(after.spec()), after.project().id());
        return after;
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    @Transactional
    public void delete(ServiceId id, Actor actor) {
        Service service = visible(services.lock(id), actor);
        services.delete(id);
        Service.Parent project = service.project();
        outbox.append(new ServiceDeleted(id, project.id(), project.owner()), project.id());
    }

    private static Service visible(Optional<Service> service, Actor actor) {
        return service.filter(found -> found.project().owner().equals(actor.id()))
                .orElseThrow(() -> ApiException.notFound("Service"));
    }

    private static ApiException nameTaken(Service service) {
        return ApiException.conflict("The project already has a service named "
                + service.definition().name());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

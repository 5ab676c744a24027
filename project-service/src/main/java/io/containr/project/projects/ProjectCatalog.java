package io.containr.project.projects;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.project.ProjectEvent.ProjectCreated;
import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.contracts.project.ProjectEvent.ProjectUpdated;
import io.containr.project.ProjectSettings;
import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.Page;
import io.containr.runtime.web.Page.Listed;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What users do with projects. Holds the one rule here: a project exists for its owner alone. */
@Service
public class ProjectCatalog {

    private final Projects projects;
    private final List<ProjectContents> contents;
    private final Outbox outbox;
    private final ProjectSettings settings;
    private final Clock clock;

    ProjectCatalog(
            Projects projects, List<ProjectContents> contents, Outbox outbox, ProjectSettings settings, Clock clock) {
        this.projects = projects;
        this.contents = contents;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws ApiException NOT_FOUND if there is none that the actor may see */
    public Project get(ProjectId id, Actor actor) {
        return visible(projects.find(id), actor);
    }

    /**
     * The project, held until the end of the transaction: it neither changes nor goes meanwhile.
     *
     * @throws ApiException NOT_FOUND if there is none that the actor may see
     */
    @Transactional
    public Project lock(ProjectId id, Actor actor) {
        return visible(projects.lock(id), actor);
    }

    /** The actor's projects, newest first. */
    public Listed<Project> list(@Nullable String search, Page page, Actor actor) {
        return page.read(
                (limit, offset) -> projects.ownedBy(actor.id(), search, limit, offset),
                () -> projects.countOwnedBy(actor.id(), search));
    }

    /** @throws ApiException CONFLICT if the actor owns as many as one may */
    @Transactional
    public Project create(String name, @Nullable String description, Actor actor) {
        projects.lockOwner(actor.id());
        if (projects.countOwnedBy(actor.id(), null) >= settings.projectsPerOwner()) {
            throw ApiException.conflict("You have reached the limit of " + settings.projectsPerOwner() + " projects");
        }
        Instant now = now();
        Project project = new Project(new ProjectId(Ids.next()), actor.id(), name, description, now, now, 0);
        projects.insert(project);
        outbox.append(new ProjectCreated(project.id(), project.owner(), name), project.id());
        return project;
    }

    /**
     * Changes what is given.
     *
     * @param name null: as it is
     * @param description null: as it is, empty: none
     * @throws ApiException NOT_FOUND if there is none that the actor may see
     */
    @Transactional
    public Project update(ProjectId id, @Nullable String name, @Nullable String description, Actor actor) {
        Project before = visible(projects.lock(id), actor);
        String newName = name == null ? before.name() : name;
        String newDescription = description == null ? before.description() : description.isBlank() ? null : description;
        boolean renamed = !newName.equals(before.name());
        if (!renamed && Objects.equals(newDescription, before.description())) {
            return before;
        }
        Project after = new Project(
                id, before.owner(), newName, newDescription, before.createdAt(), now(), before.servicesCount());
        projects.update(after);
        outbox.append(new ProjectUpdated(id, after.owner(), newName), id);
        if (renamed) {
            contents.forEach(part -> part.projectRenamed(after));
        }
        return after;
    }

    /**
     * Deletes the project with everything in it.
     *
     * @throws ApiException NOT_FOUND if there is none that the actor may see
     */
    @Transactional
    public void delete(ProjectId id, Actor actor) {
        Project project = visible(projects.lock(id), actor);
        contents.forEach(part -> part.projectDeleted(project));
        projects.delete(id);
        outbox.append(new ProjectDeleted(id, project.owner()), id);
    }

    private static Project visible(Optional<Project> project, Actor actor) {
        return project.filter(found -> found.owner().equals(actor.id()))
                .orElseThrow(() -> ApiException.notFound("Project"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

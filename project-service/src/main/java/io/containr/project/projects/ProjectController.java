package io.containr.project.projects;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.input.Problems;
import io.containr.project.input.TextRules;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.Page;
import io.containr.runtime.web.Page.Listed;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/projects")
class ProjectController {

    private static final int DEFAULT_LIMIT = 20;

    private final ProjectCatalog catalog;

    ProjectController(ProjectCatalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping
    ProjectsBody list(
            @RequestParam(required = false) @Nullable Integer page,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String search,
            Actor actor) {
        Page wanted = Page.of(page, limit, DEFAULT_LIMIT);
        Problems problems = new Problems();
        String pattern = problems.check("search", TextRules.blankToNull(search), TextRules::search);
        problems.throwIfAny();
        return ProjectsBody.of(catalog.list(pattern, wanted, actor), wanted);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ProjectBody create(@RequestBody ProjectRequest request, Actor actor) {
        Problems problems = new Problems();
        String name = problems.require("name", request.name(), TextRules::name);
        String description = problems.check("description", request.description(), TextRules::description);
        problems.throwIfAny();
        return ProjectBody.of(catalog.create(Objects.requireNonNull(name), TextRules.blankToNull(description), actor));
    }

    @GetMapping("/{id}")
    ProjectBody get(@PathVariable ProjectId id, Actor actor) {
        return ProjectBody.of(catalog.get(id, actor));
    }

    @PutMapping("/{id}")
    ProjectBody update(@PathVariable ProjectId id, @RequestBody ProjectRequest request, Actor actor) {
        Problems problems = new Problems();
        String name = problems.check("name", request.name(), TextRules::name);
        String description = problems.check("description", request.description(), TextRules::description);
        problems.throwIfAny();
        return ProjectBody.of(catalog.update(id, name, description, actor));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable ProjectId id, Actor actor) {
        catalog.delete(id, actor);
    }

    /** Body of a creation, where a name is required, and of an update, where what is missing stays as it is. */
    record ProjectRequest(@Nullable String name, @Nullable String description) {}

    record ProjectBody(
            UUID id,
            String name,
            @Nullable String description,
            UUID ownerId,
            Instant createdAt,
            Instant updatedAt,
            int servicesCount) {

        static ProjectBody of(Project project) {
            return new ProjectBody(
                    project.id().value(),
                    project.name(),
                    project.description(),
                    project.owner().value(),
                    project.createdAt(),
                    project.updatedAt(),
                    project.servicesCount());
        }
    }

    record ProjectsBody(List<ProjectBody> projects, Pagination pagination) {

        static ProjectsBody of(Listed<Project> listed, Page page) {
            return new ProjectsBody(
                    listed.items().stream().map(ProjectBody::of).toList(),
                    new Pagination(page.number(), page.limit(), listed.total(), page.pages(listed.total())));
        }
    }

    record Pagination(int page, int limit, long total, long totalPages) {}
}

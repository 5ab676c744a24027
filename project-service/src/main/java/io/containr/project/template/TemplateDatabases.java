package io.containr.project.template;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.input.Problems;
import io.containr.project.projects.ProjectCatalog;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Has a managed database made of a template, whose id is the engine's name. */
@Service
class TemplateDatabases {

    static final String VERSION = "VERSION";

    private final TemplateValues values;
    private final ProjectCatalog projects;
    private final DatabaseOwner owner;

    TemplateDatabases(TemplateValues values, ProjectCatalog projects, DatabaseOwner owner) {
        this.values = values;
        this.projects = projects;
        this.owner = owner;
    }

    /**
     * Has it made.
     *
     * @param plan null, as {@code region}: database-service's usual one
     * @param idempotencyKey of the request, null where it has none
     * @return its id
     * @throws ApiException NOT_FOUND for a project that the actor may not see, VALIDATION naming each variable that is wrong, CONFLICT
     *     where the name is taken or the actor owns as many as one may, DEPENDENCY_UNAVAILABLE where database-service is away
     */
    String create(
            Template template,
            ProjectId project,
            String name,
            @Nullable String plan,
            @Nullable String region,
            Map<String, @Nullable String> given,
            @Nullable String idempotencyKey,
            Actor actor) {
        Problems problems = new Problems();
        Map<String, String> resolved = new HashMap<>();
        values.resolve(template, given, problems).forEach((variable, value) -> resolved.put(variable.key(), value));
        problems.throwIfAny();
        projects.get(project, actor);
        return owner.create(
                new DatabaseOwner.Order(project, name, template.id(), resolved.get(VERSION), plan, region),
                idempotencyKey == null ? null : keyOf(template, idempotencyKey),
                actor);
    }

    /** A key counts for one path, and templates have one each while database-service has one for all. */
    private static String keyOf(Template template, String idempotencyKey) {
        return UUID.nameUUIDFromBytes((template.id() + "/" + idempotencyKey).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}

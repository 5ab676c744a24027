package io.containr.project.template;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.project.input.InvalidValueException;
import io.containr.project.input.Problems;
import io.containr.project.input.TextRules;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1/templates")
class TemplateController {

    private static final Set<String> PLANS = Set.of("hobby", "starter", "standard", "business");

    private final TemplateCatalog catalog;
    private final TemplateDeployment deployment;
    private final TemplateDatabases databases;
    private final JsonMapper json;

    TemplateController(
            TemplateCatalog catalog, TemplateDeployment deployment, TemplateDatabases databases, JsonMapper json) {
        this.catalog = catalog;
        this.deployment = deployment;
        this.databases = databases;
        this.json = json;
    }

    @GetMapping
    TemplatesBody list(@RequestParam(required = false) @Nullable String category) {
        return new TemplatesBody(catalog.list(TextRules.blankToNull(category)).stream()
                .map(this::body)
                .toList());
    }

    @GetMapping("/{id}")
    TemplateDetailBody get(@PathVariable String id) {
        Template template = catalog.get(id);
        return new TemplateDetailBody(body(template), template.config(), template.variables());
    }

    @PostMapping("/{id}/deploy")
    @ResponseStatus(HttpStatus.CREATED)
    DeployedBody deploy(
            @PathVariable String id,
            @RequestBody DeployTemplateRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Actor actor) {
        Template template = catalog.get(id);
        Problems problems = new Problems();
        problems.require("project_id", TextRules.blankToNull(request.projectId()), text -> text);
        String name = problems.require("name", request.name(), TextRules::name);
        problems.check("plan", request.plan(), TemplateController::plan);
        problems.check("region", request.region(), TextRules::region);
        problems.throwIfAny();
        ProjectId project = project(Objects.requireNonNull(request.projectId()));
        Map<String, @Nullable String> variables = request.variables() == null ? Map.of() : request.variables();
        return switch (template.resource()) {
            case SERVICE -> {
                ServiceId service =
                        deployment.deploy(template, project, Objects.requireNonNull(name), variables, actor);
                yield new DeployedBody(
                        "service",
                        service.toString(),
                        null,
                        "The service " + name + " was created from the template " + template.name()
                                + " and is being deployed");
            }
            case DATABASE -> {
                String database = databases.create(
                        template,
                        project,
                        Objects.requireNonNull(name),
                        TextRules.blankToNull(request.plan()),
                        TextRules.blankToNull(request.region()),
                        variables,
                        idempotencyKey,
                        actor);
                yield new DeployedBody(
                        "database",
                        null,
                        database,
                        "The database " + name + " was created from the template " + template.name()
                                + " and is being made");
            }
        };
    }

    private static ProjectId project(String id) {
        try {
            return ProjectId.of(id);
        } catch (IllegalArgumentException e) {
            throw ApiException.notFound("Project");
        }
    }

    private static String plan(String text) {
        if (!PLANS.contains(text)) {
            throw new InvalidValueException("must be one of hobby, starter, standard, business");
        }
        return text;
    }

    private TemplateBody body(Template template) {
        return new TemplateBody(
                template.id(),
                template.name(),
                template.description(),
                template.category(),
                template.logo(),
                json.writeValueAsString(template.config()),
                json.writeValueAsString(template.variables()),
                true,
                template.createdAt(),
                template.updatedAt());
    }

    /** @param plan and {@code region} matter to databases alone */
    record DeployTemplateRequest(
            @Nullable String projectId,
            @Nullable String name,
            @Nullable String plan,
            @Nullable String region,
            @Nullable Map<String, @Nullable String> variables) {

        @Override
        public String toString() {
            return "DeployTemplateRequest[…]";
        }
    }

    record TemplatesBody(List<TemplateBody> templates) {}

    /** Contract: ServiceTemplate, with the two parts as texts of JSON. */
    record TemplateBody(
            String id,
            String name,
            String description,
            String category,
            String logo,
            String config,
            String variables,
            boolean isOfficial,
            Instant createdAt,
            Instant updatedAt) {}

    record TemplateDetailBody(TemplateBody template, Template.Config config, List<Template.Variable> variables) {}

    record DeployedBody(
            String resource,
            @Nullable String serviceId,
            @Nullable String databaseId,
            String message) {}
}

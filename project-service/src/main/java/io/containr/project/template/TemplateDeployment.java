package io.containr.project.template;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.DeploymentRequested;
import io.containr.project.input.Problems;
import io.containr.project.services.ServiceFactory;
import io.containr.project.variables.VariableInput;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.web.ApiException;
import io.containr.runtime.web.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes a service of a template and asks for its first deployment: all of it, or nothing. */
@Service
class TemplateDeployment {

    private static final String PORT = "PORT";

    private final TemplateValues values;
    private final ServiceFactory services;
    private final Outbox outbox;
    private final JsonMapper json;

    TemplateDeployment(TemplateValues values, ServiceFactory services, Outbox outbox, JsonMapper json) {
        this.values = values;
        this.services = services;
        this.outbox = outbox;
        this.json = json;
    }

    /**
     * Makes the service.
     *
     * @param name of the service
     * @throws ApiException NOT_FOUND for a project that the actor may not see, VALIDATION naming each variable that is wrong,
     *     CONFLICT as for any new service
     */
    @Transactional
    public ServiceId deploy(
            Template template, ProjectId project, String name, Map<String, @Nullable String> given, Actor actor) {
        Problems problems = new Problems();
        Map<Template.Variable, String> resolved = values.resolve(template, given, problems);
        problems.throwIfAny();
        ServiceId service = create(template, project, name, resolved, actor);
        outbox.append(new DeploymentRequested(service, project, actor.id(), template.id()), project);
        return service;
    }

    private ServiceId create(
            Template template, ProjectId project, String name, Map<Template.Variable, String> resolved, Actor actor) {
        ObjectNode described = described(template, name);
        Map<String, VariableInput> variables = new LinkedHashMap<>();
        Integer port = template.config().port();
        if (port != null) {
            variables.put(PORT, new VariableInput(port.toString(), false));
        }
        template.config().environment().forEach((key, value) -> variables.put(key, new VariableInput(value, false)));
        resolved.forEach((variable, value) -> {
            String path = variable.sets();
            if (path == null) {
                variables.put(variable.key(), new VariableInput(value, variable.secret()));
            } else {
                String[] names = path.split("\\.", 2);
                described.withObjectProperty(names[0]).put(names[1], value);
            }
        });
        try {
            return services.create(project, described, variables, actor);
        } catch (ApiException e) {
            throw inTheTemplatesWords(template, e);
        }
    }

    /** The body of a request that would make the same service. */
    private ObjectNode described(Template template, String name) {
        Template.Config config = template.config();
        ObjectNode described = json.createObjectNode();
        described.put("name", name).put("type", config.type());
        if (template.source() != null) {
            described.set("source", json.valueToTree(template.source()));
            if (config.dockerfile() != null) {
                described.withObjectProperty("source").put("dockerfile", config.dockerfile());
            }
        }
        if (template.resources() != null) {
            described.set("resources", json.valueToTree(template.resources()));
        }
        if (template.buildConfig() != null) {
            described.set("build_config", json.valueToTree(template.buildConfig()));
        }
        described
                .withObjectProperty("build_config")
                .put("build_command", config.buildCommand())
                .put("start_command", config.startCommand())
                .put("health_check_path", config.healthCheck());
        return described;
    }

    /** Names the variable that a user gave where the problem is with the field that it sets. */
    private static ApiException inTheTemplatesWords(Template template, ApiException problem) {
        if (problem.code() != ErrorCode.VALIDATION || !(problem.details().get("fields") instanceof Map<?, ?> fields)) {
            return problem;
        }
        Map<String, String> renamed = new LinkedHashMap<>();
        fields.forEach((field, reason) -> renamed.put(
                template.variables().stream()
                        .filter(variable -> String.valueOf(field).equals(variable.sets()))
                        .findFirst()
                        .map(variable -> TemplateValues.field(variable.key()))
                        .orElse(String.valueOf(field)),
                String.valueOf(reason)));
        return ApiException.invalid(renamed);
    }
}

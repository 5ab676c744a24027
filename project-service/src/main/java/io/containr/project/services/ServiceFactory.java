package io.containr.project.services;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.project.variables.VariableInput;
import io.containr.runtime.security.Actor;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Services that other parts of project-service make, by the rules that hold for a request. */
@Component
public class ServiceFactory {

    private final ServiceCatalog catalog;
    private final ServiceVariables variables;
    private final JsonMapper json;

    ServiceFactory(ServiceCatalog catalog, ServiceVariables variables, JsonMapper json) {
        this.catalog = catalog;
        this.variables = variables;
        this.json = json;
    }

    /**
     * Makes a service with its variables.
     *
     * @param described the body of a request that creates a service
     * @throws io.containr.runtime.web.ApiException VALIDATION naming every problem of either part, NOT_FOUND for a project
     *     that the actor may not see, CONFLICT if it is full or has a service of that name
     */
    @Transactional
    public ServiceId create(ProjectId project, JsonNode described, Map<String, VariableInput> wanted, Actor actor) {
        ServiceRequest request = json.treeToValue(described, ServiceRequest.class);
        Service service = catalog.create(project, request.toCreate(), actor);
        if (!wanted.isEmpty()) {
            variables.replace(service.id(), wanted, actor);
        }
        return service.id();
    }
}

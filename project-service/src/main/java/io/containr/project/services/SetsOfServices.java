package io.containr.project.services;

import io.containr.contracts.ids.ProjectId;
import io.containr.project.variables.ServiceSet;
import io.containr.project.variables.ServiceSets;
import java.util.List;
import org.springframework.stereotype.Component;

/** Services as values of variables may refer to them. */
@Component
class SetsOfServices implements ServiceSets {

    private final Services services;

    SetsOfServices(Services services) {
        this.services = services;
    }

    @Override
    public List<ServiceSet> of(ProjectId project) {
        return services.of(project).stream().map(SetsOfServices::set).toList();
    }

    static ServiceSet set(Service service) {
        return new ServiceSet(
                service.id(), service.definition().name(), service.definition().kind(), service.runtimeVariables());
    }
}

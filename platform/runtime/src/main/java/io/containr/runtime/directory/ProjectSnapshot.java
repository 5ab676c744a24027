package io.containr.runtime.directory;

import io.containr.contracts.project.ProjectEvent.SharedVariablesChanged;
import io.containr.contracts.project.ServiceSpec;
import java.util.List;

/** All that project-service knows of a project at one moment; it answers with this where its events are still on their way. */
public record ProjectSnapshot(List<ServiceSpec> services, SharedVariablesChanged shared) {

    public ProjectSnapshot {
        services = List.copyOf(services);
    }
}

package io.containr.agent.session;

import io.containr.agent.guest.GuestSpec;
import io.containr.contracts.ids.ProjectId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The hosts tables of guests: every healthy instance of their project by its whole name and by its bare label. */
@Component
class HostTables {

    private static final String DOMAIN = "internal";

    private final ProjectNames names;

    HostTables(ProjectNames names) {
        this.names = names;
    }

    List<GuestSpec.Host> of(ProjectId project) {
        return of(List.of(project)).getOrDefault(project, List.of());
    }

    Map<ProjectId, List<GuestSpec.Host>> of(Collection<ProjectId> projects) {
        Map<ProjectId, List<GuestSpec.Host>> tables = new HashMap<>();
        names.of(projects)
                .forEach((project, known) -> tables.put(
                        project,
                        known.stream()
                                .map(name -> new GuestSpec.Host(
                                        name.address(), List.of(name.label() + "." + DOMAIN, name.label())))
                                .toList()));
        return tables;
    }
}

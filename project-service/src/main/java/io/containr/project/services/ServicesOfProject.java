package io.containr.project.services;

import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.project.projects.Project;
import io.containr.project.projects.ProjectContents;
import io.containr.runtime.messaging.Outbox;
import org.springframework.stereotype.Component;

/** Services follow their project: a new name of it is news of each of them, and they go with it. */
@Component
class ServicesOfProject implements ProjectContents {

    private final Services services;
    private final Outbox outbox;

    ServicesOfProject(Services services, Outbox outbox) {
        this.services = services;
        this.outbox = outbox;
    }

    @Override
    public void projectRenamed(Project project) {
        for (Service before : services.lockAllOf(project.id())) {
            Service after = before.changedAt(project.updatedAt());
            services.update(after);
            outbox.append(new ServiceUpdated(after.spec()), project.id());
        }
    }

    @Override
    public void projectDeleted(Project project) {
        for (Service service : services.lockAllOf(project.id())) {
            services.delete(service.id());
            outbox.append(new ServiceDeleted(service.id(), project.id(), project.owner()), project.id());
        }
    }
}

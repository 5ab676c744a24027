package io.containr.contracts.project;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;

/** Facts from project-service; key is the project id, so that a project and its services stay in order. */
public sealed interface ProjectEvent {

    ProjectId project();

    record ProjectCreated(ProjectId project, UserId owner, String name) implements ProjectEvent {}

    record ProjectUpdated(ProjectId project, UserId owner, String name) implements ProjectEvent {}

    /** Everything below it goes too; a {@link ServiceDeleted} for each of its services precedes this. */
    record ProjectDeleted(ProjectId project, UserId owner) implements ProjectEvent {}

    record ServiceCreated(ServiceSpec spec) implements ProjectEvent {
        @Override
        public ProjectId project() {
            return spec.project();
        }
    }

    /** Name, settings, resources, variables or wanted state changed. */
    record ServiceUpdated(ServiceSpec spec) implements ProjectEvent {
        @Override
        public ProjectId project() {
            return spec.project();
        }
    }

    record ServiceDeleted(ServiceId service, ProjectId project, UserId owner) implements ProjectEvent {}
}

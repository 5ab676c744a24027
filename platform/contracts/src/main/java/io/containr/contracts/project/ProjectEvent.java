package io.containr.contracts.project;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /**
     * What services of the project may refer to as {@code ${{shared.NAME}}}. Carries the whole.
     *
     * @param revision rises with every change; an older one is ignored
     * @param variables each sealed for the project ({@link ServiceSpec#sealedForShared})
     */
    record SharedVariablesChanged(ProjectId project, UserId owner, long revision, Map<String, Sealed> variables)
            implements ProjectEvent {

        public SharedVariablesChanged {
            variables = Map.copyOf(variables);
        }
    }

    /**
     * The branch that a service is deployed from has a new head, told by its provider or seen at the branch itself.
     *
     * @param provider github, gitlab, bitbucket or gitea; git where no provider told it
     * @param delivery the provider's id of the delivery, null where it gives none
     * @param message first line of the commit's message, where known
     * @param author {@code name <email>}, where known
     */
    record PushReceived(
            ServiceId service,
            ProjectId project,
            UserId owner,
            String provider,
            @Nullable String delivery,
            String branch,
            String commit,
            @Nullable String message,
            @Nullable String author)
            implements ProjectEvent {}

    /**
     * The branch that a service is deployed from has a new head, which is not deployed because the service's own rules or the
     * commit's message say so.
     *
     * @param reason for users
     */
    record PushIgnored(ServiceId service, ProjectId project, UserId owner, String branch, String commit, String reason)
            implements ProjectEvent {}

    /**
     * A service shall be deployed although nobody asked deploy-service for it.
     *
     * @param template the template that the service was made from, null where it was made in another way
     */
    record DeploymentRequested(
            ServiceId service,
            ProjectId project,
            UserId owner,
            @Nullable String template) implements ProjectEvent {}
}

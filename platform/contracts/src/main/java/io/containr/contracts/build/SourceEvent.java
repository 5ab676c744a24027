package io.containr.contracts.build;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import org.jspecify.annotations.Nullable;

/** Facts from build-service about where sources come from; key is the service id. */
public sealed interface SourceEvent {

    ServiceId service();

    ProjectId project();

    /**
     * The branch that a service is deployed from has a head that no delivery told of in time.
     *
     * @param repository as the service names it
     * @param branch its name, that of the default branch where the service names none
     * @param before the head known until then
     * @param message all of the commit's message
     * @param author {@code name <email>}, where the commit says so
     */
    record HeadMoved(
            ServiceId service,
            ProjectId project,
            String repository,
            String branch,
            String before,
            String commit,
            String message,
            @Nullable String author)
            implements SourceEvent {}
}

package io.containr.database.managed;

import io.containr.contracts.project.ProjectEvent.ProjectDeleted;
import io.containr.runtime.messaging.MessageSubscription;
import org.springframework.stereotype.Component;

/** A database outlives its project: data go when their owner says so, and not by the way. */
@Component
public class ProjectEnd implements MessageSubscription.Part {

    private final Databases databases;
    private final Changes changes;

    ProjectEnd(Databases databases, Changes changes) {
        this.databases = databases;
        this.changes = changes;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription.on(
                ProjectDeleted.class,
                (event, meta) -> databases
                        .ofProject(event.project())
                        .forEach(id -> databases
                                .lock(id)
                                .ifPresent(database -> databases.update(database.withoutProject(changes.now())))));
    }
}

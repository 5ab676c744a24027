package io.containr.database.managed;

import io.containr.contracts.Failure;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceBecameUnhealthy;
import io.containr.contracts.agent.AgentEvent.InstanceFailed;
import io.containr.contracts.agent.AgentEvent.InstanceNotResized;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceResized;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
import io.containr.contracts.build.BuildEvent;
import io.containr.contracts.build.BuildEvent.BuildCancelled;
import io.containr.contracts.build.BuildEvent.BuildFailed;
import io.containr.contracts.build.BuildEvent.BuildSucceeded;
import io.containr.database.image.EngineImages;
import io.containr.database.managed.Database.Place;
import io.containr.database.managed.DatabaseInstance.State;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Notes what agent and build-service tell, and wakes whose database it is about; everything else is decided afterwards. */
@Component
public class InstanceReports implements MessageSubscription.Part {

    private static final int LONGEST_LINE = 300;

    private final DatabaseInstances instances;
    private final Databases databases;
    private final EngineImages images;
    private final WorkQueue databaseQueue;

    InstanceReports(DatabaseInstances instances, Databases databases, EngineImages images, WorkQueue databaseQueue) {
        this.instances = instances;
        this.databases = databases;
        this.images = images;
        this.databaseQueue = databaseQueue;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(InstanceStarted.class, (event, meta) -> report(event, State.STARTED, null, null))
                .on(InstanceBecameHealthy.class, (event, meta) -> report(event, State.LISTENING, place(event), null))
                .on(InstanceBecameUnhealthy.class, (event, meta) -> report(event, State.SILENT, null, null))
                .on(InstanceFailed.class, (event, meta) -> report(event, State.FAILED, null, withLastLine(event)))
                .on(InstanceResized.class, (event, meta) -> adjusted(event, null, false))
                .on(InstanceNotResized.class, (event, meta) -> adjusted(event, event.failure(), !event.triesAgain()))
                .on(
                        InstanceRemoved.class,
                        (event, meta) -> instances.delete(event.instance().id()).ifPresent(databaseQueue::wake))
                .on(BuildSucceeded.class, (event, meta) -> ended(event))
                .on(BuildFailed.class, (event, meta) -> ended(event))
                .on(BuildCancelled.class, (event, meta) -> ended(event));
    }

    private static @Nullable Place place(InstanceBecameHealthy event) {
        return event.port() == null ? null : new Place(event.address(), event.port());
    }

    private static Failure withLastLine(InstanceFailed event) {
        if (event.lastLines().isEmpty()) {
            return event.failure();
        }
        String line = event.lastLines().getLast();
        return new Failure(
                event.failure().code(),
                event.failure().message() + "; its last line: "
                        + line.substring(0, Math.min(line.length(), LONGEST_LINE)));
    }

    private void report(AgentEvent event, State state, @Nullable Place place, @Nullable Failure failure) {
        instances.report(event.instance().id(), state, place, failure).ifPresent(databaseQueue::wake);
    }

    private void adjusted(AgentEvent event, @Nullable Failure obstacle, boolean refused) {
        instances
                .reportAdjustment(event.instance().id(), event.instance().generation(), obstacle, refused)
                .ifPresent(databaseQueue::wake);
    }

    private void ended(BuildEvent event) {
        if (images.ended(event).isPresent()) {
            databases.withoutImage().forEach(databaseQueue::wake);
        }
    }
}

package io.containr.build.branch;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent.PushIgnored;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ProjectEvent.ServiceCreated;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.work.WorkQueue;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Knows which services' branches are to be watched, and what deliveries told of their heads. Registered after the directory. */
@Component
public class BranchWatch implements MessageSubscription.Part {

    private final ProjectDirectory directory;
    private final WatchedBranches branches;
    private final WorkQueue queue;

    BranchWatch(ProjectDirectory directory, WatchedBranches branches, WorkQueue branchQueue) {
        this.directory = directory;
        this.branches = branches;
        this.queue = branchQueue;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription
                .on(ServiceCreated.class, (event, meta) -> changed(event.spec().service()))
                .on(ServiceUpdated.class, (event, meta) -> changed(event.spec().service()))
                .on(ServiceDeleted.class, (event, meta) -> branches.forget(event.service()))
                .on(PushReceived.class, (event, meta) -> told(event.service(), event.branch(), event.commit()))
                .on(PushIgnored.class, (event, meta) -> told(event.service(), event.branch(), event.commit()));
    }

    /** The service, where pushes deploy it. */
    Optional<ServiceSpec> watched(ServiceId service) {
        return directory
                .find(service)
                .filter(ServiceSpec::deploysPushes)
                .filter(spec -> spec.wanted() == Wanted.RUNNING)
                .filter(spec -> spec.source().type() != ServiceSource.Type.IMAGE)
                .filter(spec -> spec.source().repository() != null);
    }

    /** Looks at once at what is new, and at what could not be looked at so far. */
    private void changed(ServiceId service) {
        Optional<ServiceSpec> spec = watched(service);
        if (spec.isEmpty()) {
            branches.forget(service);
            return;
        }
        boolean fine = branches.find(service)
                .filter(branch -> branch.isOf(spec.get().source()) && branch.failures() == 0)
                .isPresent();
        if (!fine) {
            queue.wake(service);
        }
    }

    private void told(ServiceId service, String branch, String commit) {
        watched(service)
                .map(ServiceSpec::source)
                .filter(source -> source.branch() == null || source.branch().equals(branch))
                .ifPresent(source -> branches.told(service, source, commit));
    }
}

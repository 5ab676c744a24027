package io.containr.deploy.rollout;

import io.containr.contracts.deploy.DeployEvent.ReleasesRetained;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.deploy.route.HostNames;
import io.containr.deploy.variable.PrivateNames;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.MessageSubscription;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.WorkQueue;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Has a service looked at when what is wanted of it changed; the directory holds what that is. */
@Component
public class ServiceChanges implements MessageSubscription.Part {

    private final Rollouts rollouts;
    private final HostNames hosts;
    private final PrivateNames privateNames;
    private final Outbox outbox;
    private final WorkQueue reconcile;

    ServiceChanges(Rollouts rollouts, HostNames hosts, PrivateNames privateNames, Outbox outbox, WorkQueue reconcile) {
        this.rollouts = rollouts;
        this.hosts = hosts;
        this.privateNames = privateNames;
        this.outbox = outbox;
        this.reconcile = reconcile;
    }

    @Override
    public void register(MessageSubscription.Builder subscription) {
        subscription.on(ServiceUpdated.class, this::updated).on(ServiceDeleted.class, this::deleted);
    }

    private void updated(ServiceUpdated event, MessageMeta meta) {
        rollouts.rememberWish(event.spec().service(), meta.origin());
        reconcile.wake(event.spec().service());
    }

    private void deleted(ServiceDeleted event, MessageMeta meta) {
        if (rollouts.exists(event.service())) {
            rollouts.rememberWish(event.service(), meta.origin());
            reconcile.wake(event.service());
        } else {
            hosts.release(event.service());
            privateNames.release(event.service());
            outbox.append(new ReleasesRetained(event.service(), event.project(), Set.of()), event.service());
        }
    }
}

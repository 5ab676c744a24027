package io.containr.agent.instance;

import io.containr.agent.session.KnownGuests;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.work.WorkQueue;
import java.util.Optional;

/** Instances as the sessions of their guests see them. */
final class StoredGuests implements KnownGuests {

    private final Instances instances;
    private final WorkQueue instanceQueue;

    StoredGuests(Instances instances, WorkQueue instanceQueue) {
        this.instances = instances;
        this.instanceQueue = instanceQueue;
    }

    @Override
    public Optional<KnownGuest> find(InstanceId instance) {
        return instances.find(instance).flatMap(StoredGuests::known);
    }

    @Override
    public void heardOf(InstanceId instance) {
        instanceQueue.wake(instance);
    }

    private static Optional<KnownGuest> known(Instance instance) {
        InstanceSpec spec = instance.spec();
        String address = instance.location().address();
        return spec == null || address == null
                ? Optional.empty()
                : Optional.of(new KnownGuest(
                        instance.identity(),
                        spec,
                        address,
                        instance.desired() instanceof Desired.Removed,
                        instance.origin()));
    }
}

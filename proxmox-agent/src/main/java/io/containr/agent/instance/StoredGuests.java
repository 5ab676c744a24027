package io.containr.agent.instance;

import io.containr.agent.session.KnownGuests.KnownGuest;
import io.containr.contracts.agent.InstanceSpec;
import java.util.Optional;

/** Instances as the sessions of their guests see them. */
final class StoredGuests {

    private StoredGuests() {}

    static Optional<KnownGuest> known(Instance instance) {
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

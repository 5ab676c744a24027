package io.containr.agent.session;

import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.ids.InstanceId;
import io.containr.runtime.messaging.Origin;
import java.util.Optional;

/** What has to be known of an instance to speak with its guest. */
public interface KnownGuests {

    /** Empty where there is none, or none any more. */
    Optional<KnownGuest> find(InstanceId instance);

    /** What was heard of its application may change what becomes of it; called in the transaction that stores it. */
    void heardOf(InstanceId instance);

    /**
     * An instance with a guest.
     *
     * @param address the only one its guest may call from
     * @param leaving whether its removal was asked for
     */
    record KnownGuest(
            AgentEvent.Instance identity, InstanceSpec spec, String address, boolean leaving, Origin origin) {}
}

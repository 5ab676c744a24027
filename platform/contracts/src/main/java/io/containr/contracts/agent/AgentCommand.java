package io.containr.contracts.agent;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import java.time.Duration;

/** What the proxmox-agent is asked to make true; key is the service id. Asking twice is asking once. */
public sealed interface AgentCommand {

    InstanceId instance();

    /**
     * An instance as described shall run. Refused without effect if a higher generation of it was seen, or it was removed. Of an instance
     * that there is, a higher generation changes CPU, memory, the size of its volume and the networks that reach it, while it runs; what
     * became of that is told by {@link AgentEvent.InstanceResized} or {@link AgentEvent.InstanceNotResized}. Anything else of it stays.
     */
    record EnsureInstance(InstanceSpec spec) implements AgentCommand {
        @Override
        public InstanceId instance() {
            return spec.instance();
        }
    }

    /**
     * The instance shall be gone, with everything that was made for it.
     *
     * @param drain how long it goes on running before it is told to stop
     * @param grace how long it may take from the stop signal to its end, then it is killed
     */
    record RemoveInstance(InstanceId instance, ServiceId service, long generation, Duration drain, Duration grace)
            implements AgentCommand {}
}

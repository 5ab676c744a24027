package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.upkeep.Chore;
import io.containr.runtime.work.WorkQueue;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Has everything looked at that has not come to rest, whatever woke it before; forgets what was removed long ago. */
@Component
class UnsettledSweep implements Chore {

    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final Instances instances;
    private final WorkQueue instanceQueue;
    private final Duration removedKept;
    private final Clock clock;

    UnsettledSweep(Instances instances, WorkQueue instanceQueue, AgentProperties properties, Clock clock) {
        this.instances = instances;
        this.instanceQueue = instanceQueue;
        this.removedKept = properties.watch().removedKept();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "unsettled";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public void run() {
        instances.unsettled().forEach(instanceQueue::wake);
        instances.forgetRemovedBefore(clock.instant().minus(removedKept));
    }
}

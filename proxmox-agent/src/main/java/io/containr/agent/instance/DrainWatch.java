package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.placement.DrainedNodes;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.upkeep.Chore;
import io.containr.runtime.messaging.Origins;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks for what can leave a node that is being emptied, by us or by the cluster's own maintenance mode, to be replaced elsewhere, and takes that back where the node stays. Who planned the
 * instance decides when; it runs until its removal is asked for. One with a volume stays with it, and one that runs once ends by itself.
 */
@Component
class DrainWatch implements Chore {

    private static final Logger log = LoggerFactory.getLogger(DrainWatch.class);

    private final Instances instances;
    private final Transitions transitions;
    private final DrainedNodes drained;
    private final Proxmox proxmox;
    private final AgentProperties properties;

    DrainWatch(
            Instances instances,
            Transitions transitions,
            DrainedNodes drained,
            Proxmox proxmox,
            AgentProperties properties) {
        this.instances = instances;
        this.transitions = transitions;
        this.drained = drained;
        this.proxmox = proxmox;
        this.properties = properties;
    }

    @Override
    public String name() {
        return "drains";
    }

    @Override
    public Duration interval() {
        return properties.watch().interval();
    }

    @Override
    public void run() {
        Set<String> nodes;
        try {
            nodes = drained.among(proxmox.nodes());
        } catch (ProxmoxException e) {
            log.warn("The cluster does not say which nodes are under maintenance: {}", e.getMessage());
            return;
        }
        for (Instance instance : instances.toMoveOrStay(nodes)) {
            boolean away = nodes.contains(instance.location().nodeName());
            if (!away || instance.canBeReplaced()) {
                Origins.run(instance.origin(), () -> transitions.move(instance, away));
            }
        }
    }
}

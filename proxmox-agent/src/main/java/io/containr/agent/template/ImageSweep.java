package io.containr.agent.template;

import io.containr.agent.AgentProperties;
import io.containr.agent.node.NodeEvents;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.template.Templates.Key;
import io.containr.agent.template.Templates.Template;
import io.containr.agent.upkeep.Chore;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Deletes images from nodes that no guest was made of lately and that no release can want back. */
@Component
class ImageSweep implements Chore {

    private static final Logger log = LoggerFactory.getLogger(ImageSweep.class);

    private final Templates templates;
    private final Proxmox proxmox;
    private final NodeEvents events;
    private final AgentProperties.Watch settings;
    private final Clock clock;

    ImageSweep(Templates templates, Proxmox proxmox, NodeEvents events, AgentProperties properties, Clock clock) {
        this.templates = templates;
        this.proxmox = proxmox;
        this.events = events;
        this.settings = properties.watch();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public Duration interval() {
        return settings.cleanupInterval();
    }

    @Override
    public void run() {
        for (Template template : templates.takeUnused(clock.instant().minus(settings.imageGrace()))) {
            Key key = template.key();
            try {
                events.run(
                        Deed.ofImage(key.node(), "imgdel", template.volumeId()),
                        () -> proxmox.deleteTemplate(key.node(), key.storage(), template.volumeId()),
                        () -> templates.forget(key));
                log.info("Removed the image {} from {}", template.volumeId(), key.node());
            } catch (ProxmoxException e) {
                templates.ready(key);
                log.warn("The image {} stays on {}: {}", template.volumeId(), key.node(), e.getMessage());
            }
        }
    }
}

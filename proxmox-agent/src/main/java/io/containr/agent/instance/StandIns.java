package io.containr.agent.instance;

import io.containr.agent.AgentProperties;
import io.containr.agent.instance.VolumePlaces.Place;
import io.containr.agent.node.NodeEvents.Deed;
import io.containr.agent.proxmox.Proxmox;
import io.containr.agent.proxmox.ProxmoxBackups;
import io.containr.agent.proxmox.ProxmoxException;
import io.containr.agent.proxmox.ProxmoxFailure;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Guests that never start, under the numbers of guests that are gone. Only who may back a guest up may delete its backups, and that right
 * comes from the pool, which a guest leaves when it is destroyed. A stand-in is in the pool; it goes as every guest of ours that nobody
 * owns.
 */
@Component
public class StandIns {

    private static final Logger log = LoggerFactory.getLogger(StandIns.class);
    private static final String OURS = ":vztmpl/containr-";

    private final Proxmox proxmox;
    private final ProxmoxBackups backups;
    private final UnownedTasks tasks;
    private final AgentProperties.Guests settings;

    StandIns(Proxmox proxmox, ProxmoxBackups backups, UnownedTasks tasks, AgentProperties properties) {
        this.proxmox = proxmox;
        this.backups = backups;
        this.tasks = tasks;
        this.settings = properties.guests();
    }

    /**
     * Begins to make one.
     *
     * @return whether there is one, or will be; false where the number is somebody's, or the node has no image to make one of
     * @throws ProxmoxException if the node refuses
     */
    public boolean make(Place place) {
        if (!proxmox.isFree(place.vmid())) {
            return false;
        }
        Optional<String> image = proxmox.templates(place.node(), settings.templateStorage()).stream()
                .filter(template -> template.contains(OURS))
                .findFirst();
        if (image.isEmpty()) {
            log.warn("No image on {} to make a guest {} of, whose backup is to be deleted", place.node(), place.vmid());
            return false;
        }
        try {
            tasks.begin(
                    new Deed(
                            place.node(),
                            place.vmid(),
                            null,
                            PendingTask.Kind.CREATE.type(),
                            "stands in for a guest that is gone while its backups are deleted"),
                    () -> backups.standIn(
                            place.node(),
                            place.vmid(),
                            image.get(),
                            settings.rootStorage(),
                            settings.pool(),
                            Instance.DESCRIPTION
                                    + "of nobody: stands in for one that is gone while its backups are deleted"));
        } catch (ProxmoxException e) {
            if (!e.is(ProxmoxFailure.EXISTS)) {
                throw e;
            }
        }
        return true;
    }
}

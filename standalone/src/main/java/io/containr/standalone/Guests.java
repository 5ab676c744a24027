package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.containr.local.LocalDocker;
import io.containr.simulator.engine.Bridge;
import io.containr.simulator.filter.PacketFilter;
import java.io.IOException;
import java.util.List;

/** The guests of this installation's simulated nodes: the containers on its network. */
final class Guests {

    private Guests() {}

    /** Those that run. */
    static List<Container> of(DockerClient docker, Layout layout) {
        return docker.listContainersCmd()
                .withNetworkFilter(List.of(layout.guestNetwork()))
                .exec();
    }

    /** Ends and removes all of them, their firewalls and their network, which no engine would clean up later; returns how many there were. */
    static int remove(LocalDocker docker, Layout layout) throws IOException {
        try (DockerClient client = docker.client()) {
            List<Container> guests = client.listContainersCmd()
                    .withShowAll(true)
                    .withNetworkFilter(List.of(layout.guestNetwork()))
                    .exec();
            for (Container guest : guests) {
                try {
                    client.removeContainerCmd(guest.getId())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec();
                } catch (NotFoundException e) {
                    // Somebody else removed it meanwhile, which is what was wanted.
                }
            }
            Bridge.find(client, layout.guestNetwork())
                    .ifPresent(bridge -> PacketFilter.of(bridge.device()).remove());
            try {
                client.removeNetworkCmd(layout.guestNetwork()).exec();
            } catch (NotFoundException e) {
                // There never was one, or it went before.
            }
            return guests.size();
        }
    }
}

package io.containr.simulator.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.containr.simulator.program.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Volumes of the engine, one for each mount point of a guest. Content is read and written where the engine keeps it, as a node reads and
 * writes what its storages hold: the engine has to be this machine's own, and this process has to be root.
 */
final class DockerVolumes implements Volumes {

    private final DockerClient client;
    private final String instance;

    DockerVolumes(DockerClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    @Override
    public String create() {
        String name = "containr-sim-" + instance + "-" + UUID.randomUUID();
        client.createVolumeCmd().withName(name).withLabels(Labels.of(instance)).exec();
        return name;
    }

    @Override
    public String copy(String volume) throws IOException, InterruptedException {
        String copy = create();
        try {
            Programs.complete(
                    List.of(
                            "cp",
                            "--archive",
                            "--reflink=auto",
                            directory(volume).resolve(".").toString(),
                            directory(copy).toString()),
                    Map.of());
        } catch (IOException | InterruptedException | RuntimeException e) {
            remove(copy);
            throw e;
        }
        return copy;
    }

    @Override
    public Path directory(String volume) {
        return Path.of(client.inspectVolumeCmd(volume).exec().getMountpoint());
    }

    @Override
    public void remove(String name) {
        try {
            client.removeVolumeCmd(name).exec();
        } catch (NotFoundException gone) {
            return;
        }
    }

    void removeAll() {
        List<InspectVolumeResponse> all = client.listVolumesCmd()
                .withFilter("label", List.of(Labels.INSTANCE + "=" + instance))
                .exec()
                .getVolumes();
        if (all != null) {
            all.forEach(volume -> remove(volume.getName()));
        }
    }
}

package io.containr.simulator.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Volumes of the engine, one for each mount point of a guest. Content is read and written through a container that never runs, for which
 * any image serves.
 */
final class DockerVolumes implements Volumes {

    private static final String FROM = "/.volume-from";
    private static final String TO = "/.volume-to";

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
    public String copy(String volume, String image) throws IOException {
        String copy = create();
        // The engine locks a container while it is read from, so reading and writing take one each.
        String source = probe(image, List.of(mount(volume, FROM)));
        try (InputStream content =
                client.copyArchiveFromContainerCmd(source, FROM + "/.").exec()) {
            fill(copy, image, content);
        } catch (IOException | RuntimeException e) {
            remove(copy);
            throw e;
        } finally {
            client.removeContainerCmd(source).exec();
        }
        return copy;
    }

    @Override
    public void export(String volume, String image, OutputStream out) throws IOException {
        String probe = probe(image, List.of(mount(volume, FROM)));
        try (InputStream content =
                client.copyArchiveFromContainerCmd(probe, FROM + "/.").exec()) {
            content.transferTo(out);
        } finally {
            client.removeContainerCmd(probe).exec();
        }
    }

    @Override
    public void fill(String volume, String image, InputStream tar) {
        String probe = probe(image, List.of(mount(volume, TO)));
        try {
            write(probe, tar);
        } finally {
            client.removeContainerCmd(probe).exec();
        }
    }

    private void write(String probe, InputStream tar) {
        client.copyArchiveToContainerCmd(probe)
                .withRemotePath(TO)
                .withTarInputStream(tar)
                .exec();
    }

    private String probe(String image, List<Mount> mounts) {
        return client.createContainerCmd(image)
                .withEntrypoint("/")
                .withLabels(Labels.of(instance))
                .withHostConfig(HostConfig.newHostConfig().withMounts(new ArrayList<>(mounts)))
                .exec()
                .getId();
    }

    private static Mount mount(String volume, String path) {
        return new Mount()
                .withType(MountType.VOLUME)
                .withSource(volume)
                .withTarget(path)
                .withVolumeOptions(new VolumeOptions().withNoCopy(true));
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

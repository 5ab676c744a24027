package io.containr.simulator.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Images of the engine, held by tags of this simulator's own so that nobody else's tag is ever moved or removed. */
final class DockerImages implements Images {

    private final DockerClient client;
    private final String repository;
    private final Path temporary;

    DockerImages(DockerClient client, String instance, Path temporary) {
        this.temporary = temporary;
        this.client = client;
        this.repository = "containr-sim-" + instance;
    }

    @Override
    public String hold(String repositoryName, @Nullable Login login, Digest digest)
            throws IOException, InterruptedException {
        String found = digest.find();
        String byDigest = repositoryName + "@" + found;
        if (!exists(byDigest)) {
            PullImageCmd pull = client.pullImageCmd(repositoryName).withTag(found);
            if (login != null) {
                pull.withAuthConfig(new AuthConfig()
                        .withRegistryAddress(login.host())
                        .withUsername(login.user())
                        .withPassword(login.password()));
            }
            pull.start().awaitCompletion();
        }
        return tag(byDigest);
    }

    @Override
    public String load(InputStream archive, String name) {
        client.loadImageCmd(archive).exec();
        String held = tag(name);
        client.removeImageCmd(name).exec();
        return held;
    }

    @Override
    public String fresh() {
        return repository + ":" + UUID.randomUUID();
    }

    @Override
    public String importRoot(InputStream archive) throws IOException {
        String held = fresh();
        Path image = new RootArchive(temporary).wrap(archive, held);
        try (InputStream stream = Files.newInputStream(image)) {
            client.loadImageCmd(stream).exec();
        } finally {
            Files.delete(image);
        }
        return held;
    }

    @Override
    public String tag(String image) {
        String held = fresh();
        client.tagImageCmd(image, repository, held.substring(repository.length() + 1))
                .exec();
        return held;
    }

    @Override
    public boolean exists(String image) {
        try {
            client.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException missing) {
            return false;
        }
    }

    @Override
    public ImageFacts inspect(String image) {
        InspectImageResponse found = client.inspectImageCmd(image).exec();
        ContainerConfig config = Objects.requireNonNull(found.getConfig(), "image without configuration");
        List<String> command = new ArrayList<>();
        command.addAll(orEmpty(config.getEntrypoint()));
        command.addAll(orEmpty(config.getCmd()));
        Map<String, ?> volumes = config.getVolumes();
        return new ImageFacts(
                Objects.requireNonNull(found.getId()),
                List.copyOf(command),
                orEmpty(config.getEnv()),
                Objects.requireNonNullElse(config.getUser(), ""),
                Objects.requireNonNullElse(config.getWorkingDir(), ""),
                stopSignal(config),
                volumes == null ? Set.of() : Set.copyOf(new TreeMap<>(volumes).keySet()),
                Objects.requireNonNullElse(found.getSize(), 0L));
    }

    /** The client library has no name for this field. */
    private static @Nullable String stopSignal(ContainerConfig config) {
        return config.getRawValues().get("StopSignal") instanceof String signal ? signal : null;
    }

    private static List<String> orEmpty(String @Nullable [] values) {
        return values == null ? List.of() : List.of(values);
    }

    @Override
    public void release(String held) {
        InspectImageResponse image;
        try {
            image = client.inspectImageCmd(held).exec();
        } catch (NotFoundException gone) {
            return;
        }
        List<String> tags = Objects.requireNonNullElse(image.getRepoTags(), List.of());
        List<String> digests = Objects.requireNonNullElse(image.getRepoDigests(), List.of());
        remove(held);
        if (tags.size() <= 1) {
            digests.forEach(this::remove);
        }
    }

    private void remove(String reference) {
        try {
            client.removeImageCmd(reference).exec();
        } catch (NotFoundException | ConflictException stillUsedOrGone) {
            return;
        }
    }

    void removeAll() {
        List<Image> all = client.listImagesCmd().withReferenceFilter(repository).exec();
        for (Image image : all) {
            for (String tag : Objects.requireNonNullElse(image.getRepoTags(), new String[0])) {
                if (tag.startsWith(repository + ":")) {
                    release(tag);
                }
            }
        }
    }
}

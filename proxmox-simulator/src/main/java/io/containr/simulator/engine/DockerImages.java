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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/** Images of the engine, held by tags of this simulator's own so that nobody else's tag is ever moved or removed. */
final class DockerImages implements Images {

    private final DockerClient client;
    private final String repository;
    private final Path temporary;
    private final Path waiting;

    DockerImages(DockerClient client, String instance, Path temporary) {
        this.temporary = temporary;
        this.waiting = temporary.resolveSibling("roots");
        this.client = client;
        this.repository = DockerEngine.repository(instance);
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
        importAs(held, archive);
        return held;
    }

    private void importAs(String held, InputStream archive) throws IOException {
        Path image = new RootArchive(temporary).wrap(archive, held);
        try (InputStream stream = Files.newInputStream(image)) {
            client.loadImageCmd(stream).exec();
        } finally {
            Files.delete(image);
        }
    }

    @Override
    public String importLater(Path archive) throws IOException {
        String held = fresh();
        Files.createDirectories(waiting);
        Files.move(archive, waiting(held), StandardCopyOption.ATOMIC_MOVE);
        return held;
    }

    /** Where the root file system of an image waits that the engine has not got yet. */
    private Path waiting(String image) {
        return waiting.resolve(image.substring(image.lastIndexOf(':') + 1) + ".tar");
    }

    private boolean waits(String image) {
        return image.startsWith(repository + ":") && Files.exists(waiting(image));
    }

    /** From here on the engine has the image, if it is one of those that wait; nobody waits for another one's. */
    private void ready(String image) {
        if (waits(image)) {
            importWaiting(image);
        }
    }

    private synchronized void importWaiting(String image) {
        if (!waits(image)) {
            return;
        }
        Path root = waiting(image);
        try {
            try (InputStream stream = Files.newInputStream(root)) {
                importAs(image, stream);
            }
            Files.delete(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it never became an image. */
    private synchronized boolean dropWaiting(String image) {
        try {
            return Files.deleteIfExists(waiting(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String tag(String image) {
        ready(image);
        String held = fresh();
        client.tagImageCmd(image, repository, held.substring(repository.length() + 1))
                .exec();
        return held;
    }

    @Override
    public boolean exists(String image) {
        ready(image);
        try {
            client.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException missing) {
            return false;
        }
    }

    @Override
    public ImageFacts inspect(String image) {
        ready(image);
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
        if (waits(held) && dropWaiting(held)) {
            return;
        }
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
        try {
            FileUtils.deleteDirectory(waiting.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

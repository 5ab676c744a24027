package io.containr.build.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PushImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.PushResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.image.RegistryAccess;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The images of our builds in the engine. A build's image has a name of its own until it is in the registry; then the last
 * one of each service stays under a name of the service, because its layers make the next build quick.
 */
@Component
public class EngineImages {

    /** Begins the name of every image that this service leaves in the engine. */
    public static final String NAMESPACE = "containr.invalid/";

    private static final Logger log = LoggerFactory.getLogger(EngineImages.class);

    private final DockerClient docker;
    private final RegistryAccess registry;

    EngineImages(DockerClient docker, RegistryAccess registry) {
        this.docker = docker;
        this.registry = registry;
    }

    /** Returns if the engine answers, and throws if it does not. */
    public void ping() {
        docker.pingCmd().exec();
    }

    /**
     * Pushes to the platform's registry.
     *
     * @param name {@code registry/repository:tag}
     * @return the manifest's digest
     */
    public String push(String name) throws BuildFailedException, InterruptedException {
        AtomicReference<@Nullable String> error = new AtomicReference<>();
        AtomicReference<@Nullable String> digest = new AtomicReference<>();
        PushImageCmd command = docker.pushImageCmd(name);
        AuthConfig credentials = registry.engineCredentials();
        if (credentials != null) {
            command.withAuthConfig(credentials);
        }
        try (ResultCallback.Adapter<PushResponseItem> pushed = command.exec(new ResultCallback.Adapter<>() {
            @Override
            public void onNext(PushResponseItem item) {
                ResponseItem.ErrorDetail detail = item.getErrorDetail();
                if (detail != null) {
                    error.set(detail.getMessage());
                }
                ResponseItem.AuxDetail aux = item.getAux();
                if (aux != null && aux.getDigest() != null) {
                    digest.set(aux.getDigest());
                }
            }
        })) {
            pushed.awaitCompletion();
        } catch (IOException | DockerException e) {
            throw unavailable(e.getMessage(), e);
        }
        String result = digest.get();
        if (error.get() != null || result == null) {
            throw unavailable(error.get(), null);
        }
        return result;
    }

    private static BuildFailedException unavailable(@Nullable String reason, @Nullable Exception cause) {
        log.warn("An image was not pushed: {}", reason, cause);
        return new BuildFailedException(
                BuildErrorCode.REGISTRY_UNAVAILABLE,
                "The image could not be pushed to the registry, try again.",
                cause);
    }

    /** Keeps a build's image as the latest of its scope, and lets go of the one before and of the build's own name. */
    public void keepAsLatest(String name, String scope) {
        try {
            String latest = latest(scope);
            String before = idOf(latest);
            String id = idOf(name);
            if (id == null) {
                return;
            }
            docker.tagImageCmd(name, latest, "latest").exec();
            remove(name);
            if (before != null && !before.equals(id)) {
                removeUnnamed(before);
            }
        } catch (DockerException e) {
            log.warn("The engine keeps {} until the next cleanup", name, e);
        }
    }

    /** Removes what {@link #keepAsLatest} kept. */
    public void forgetLatest(String scope) {
        remove(latest(scope) + ":latest");
    }

    private static String latest(String scope) {
        return NAMESPACE + scope;
    }

    /** Takes a name away, and the image with it where that was its last one; nothing happens if there is none. */
    public void remove(String name) {
        try {
            docker.removeImageCmd(name).exec();
        } catch (NotFoundException e) {
            log.debug("{} is gone already", name, e);
        } catch (ConflictException e) {
            log.debug("{} is still in use", name, e);
        } catch (DockerException e) {
            log.warn("The engine keeps {} until the next cleanup", name, e);
        }
    }

    /** Removes an image that no name refers to any more, with those of its layers that nothing else needs. */
    void removeUnnamed(String id) {
        try {
            InspectImageResponse image = docker.inspectImageCmd(id).exec();
            List<String> names = image.getRepoTags();
            List<String> digests = image.getRepoDigests();
            if ((names == null || names.isEmpty()) && (digests == null || digests.isEmpty())) {
                docker.removeImageCmd(id).exec();
            }
        } catch (NotFoundException | ConflictException e) {
            log.debug("Image {} is gone or in use", id, e);
        } catch (DockerException e) {
            log.warn("The engine keeps image {}", id, e);
        }
    }

    private @Nullable String idOf(String name) {
        try {
            return docker.inspectImageCmd(name).exec().getId();
        } catch (NotFoundException e) {
            return null;
        }
    }

    /** Names in the engine that begin so, with when their images were made. */
    public List<Named> namesBeginning(String prefix) {
        return docker.listImagesCmd().exec().stream()
                .filter(image -> image.getRepoTags() != null)
                .flatMap(image -> Arrays.stream(image.getRepoTags())
                        .filter(name -> name.startsWith(prefix))
                        .map(name -> named(name, image)))
                .toList();
    }

    private static Named named(String name, Image image) {
        return new Named(name, Instant.ofEpochSecond(image.getCreated()));
    }

    /** A name in the engine. */
    public record Named(String name, Instant created) {}
}

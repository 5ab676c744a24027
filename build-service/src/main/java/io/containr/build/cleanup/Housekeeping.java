package io.containr.build.cleanup;

import com.github.dockerjava.api.exception.DockerException;
import io.containr.build.BuildProperties;
import io.containr.build.engine.EngineImages;
import io.containr.build.engine.EngineImages.Named;
import io.containr.build.image.PushedManifests;
import io.containr.build.image.RegistryManifests;
import io.containr.build.job.Builds;
import io.containr.contracts.ids.BuildId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.client.RestClientException;

/** Finds what a process that died left on this machine: directories and engine images of builds that do not run. */
@Component
class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final Builds builds;
    private final EngineImages images;
    private final PushedManifests pushed;
    private final RegistryManifests registry;
    private final BuildProperties properties;
    private final Clock clock;

    Housekeeping(
            Builds builds,
            EngineImages images,
            PushedManifests pushed,
            RegistryManifests registry,
            BuildProperties properties,
            Clock clock) {
        this.builds = builds;
        this.images = images;
        this.pushed = pushed;
        this.registry = registry;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void sweep() {
        try {
            sweepEngine();
            sweepDirectories();
            sweepRegistry();
        } catch (IOException | DockerException | DataAccessException | RestClientException | IllegalStateException e) {
            log.warn("Leftovers of builds stay until the next sweep", e);
        }
    }

    /** What is there is listed before the builds that run are, so that no new build's things count as leftovers. */
    void sweepEngine() {
        List<Named> ofBuilds = images.namesBeginning(properties.registry() + "/").stream()
                .filter(image -> buildOf(image.name()) != null)
                .toList();
        Set<BuildId> unfinished = builds.unfinished();
        ofBuilds.stream()
                .filter(image -> !unfinished.contains(buildOf(image.name())))
                .forEach(image -> images.remove(image.name()));
        Instant old = clock.instant().minus(properties.cleanup().layerCache());
        images.namesBeginning(EngineImages.NAMESPACE).stream()
                .filter(image -> image.created().isBefore(old))
                .forEach(image -> images.remove(image.name()));
    }

    void sweepDirectories() throws IOException {
        if (!Files.isDirectory(properties.workDirectory())) {
            return;
        }
        List<Path> directories;
        try (Stream<Path> listed = Files.list(properties.workDirectory())) {
            directories = listed.toList();
        }
        Set<BuildId> unfinished = builds.unfinished();
        for (Path directory : directories) {
            BuildId build = parse(directory.getFileName().toString());
            if (build != null && !unfinished.contains(build)) {
                FileSystemUtils.deleteRecursively(directory);
            }
        }
    }

    /** A build without a service leaves what it named; nobody can use the rest. */
    void sweepRegistry() {
        pushed.unnamedOfProjects(clock.instant().minus(properties.cleanup().grace()))
                .forEach(manifest -> registry.delete(manifest.repository(), manifest.digest()));
    }

    private static @org.jspecify.annotations.Nullable BuildId buildOf(String imageName) {
        int tag = imageName.lastIndexOf(":build-");
        return tag < 0 ? null : parse(imageName.substring(tag + ":build-".length()));
    }

    private static @org.jspecify.annotations.Nullable BuildId parse(String id) {
        try {
            return BuildId.of(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

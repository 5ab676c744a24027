package io.containr.standalone;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.containr.build.engine.EngineImages;
import io.containr.simulator.SimulatorServer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Images in the Docker engine that an installation made: by builds, and for its simulated guests. */
final class MadeImages {

    private static final String REGISTRY = "containr.build.registry";

    private MadeImages() {}

    /** Takes their names away; what a container of somebody else's runs on stays. */
    static void remove(DockerClient docker, Home home, Layout layout) {
        String registry = SettingsFile.of(home, "build-service")
                        .value(REGISTRY)
                        .orElseGet(() -> "127.0.0.1:" + layout.port("registry"))
                + "/";
        List<String> prefixes = Stream.concat(
                        SimulatorServer.imagePrefix(home.directory("simulator")).stream(), Stream.of(registry))
                .toList();
        docker.listImagesCmd().exec().stream()
                .flatMap(image -> Stream.of(image.getRepoTags(), image.getRepoDigests()))
                .filter(Objects::nonNull)
                .flatMap(Stream::of)
                .filter(name -> prefixes.stream().anyMatch(name::startsWith))
                .forEach(name -> {
                    remove(docker, name);
                    if (name.startsWith(registry)) {
                        remove(docker, EngineImages.NAMESPACE + repository(name.substring(registry.length())));
                    }
                });
    }

    /** Without tag and digest. */
    private static String repository(String name) {
        return name.replaceFirst("[@:].*", "");
    }

    private static void remove(DockerClient docker, String image) {
        try {
            docker.removeImageCmd(image).exec();
        } catch (NotFoundException | ConflictException e) {
            // It went before, or somebody uses it.
        }
    }
}

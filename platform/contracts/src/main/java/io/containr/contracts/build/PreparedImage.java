package io.containr.contracts.build;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image in the registry whose PID 1 is guest-init, with what the original image said about running it.
 *
 * @param repository registry host and path without a tag, such as {@code 127.0.0.1:5000/s/0198…}
 * @param tag hash part of the digest, so that a tag never changes its meaning
 * @param digest {@code sha256:…} of the manifest
 * @param sizeBytes sum of its compressed layers
 * @param config the original image's configuration
 * @param startsAsTold whether its builder was told the service's start command, so that the image itself says how that is run; null: false
 */
public record PreparedImage(
        String repository,
        String tag,
        String digest,
        long sizeBytes,
        Config config,
        @Nullable Boolean startsAsTold) {

    /** One whose builder was told nothing. */
    public PreparedImage(String repository, String tag, String digest, long sizeBytes, Config config) {
        this(repository, tag, digest, sizeBytes, config, null);
    }

    /** The same image, whose builder was told the service's start command. */
    public PreparedImage startingAsTold() {
        return new PreparedImage(repository, tag, digest, sizeBytes, config, true);
    }

    /** Whether the service's start command is in the image, and must not be put in place of the image's own. */
    public boolean holdsStartCommand() {
        return Boolean.TRUE.equals(startsAsTold);
    }

    /** {@code repository:tag}. */
    public String reference() {
        return repository + ":" + tag;
    }

    /**
     * The original image's configuration.
     *
     * @param entrypoint may be empty
     * @param command may be empty
     * @param environment the image's own variables
     * @param user empty: root
     * @param workingDirectory absolute, {@code /} where the image says nothing
     * @param stopSignal name, {@code SIGTERM} where the image says nothing
     * @param exposedPorts TCP ports in ascending order
     * @param volumes absolute paths
     */
    public record Config(
            List<String> entrypoint,
            List<String> command,
            Map<String, String> environment,
            String user,
            String workingDirectory,
            String stopSignal,
            List<Integer> exposedPorts,
            List<String> volumes,
            @Nullable String architecture) {

        public Config {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            exposedPorts = List.copyOf(exposedPorts);
            volumes = List.copyOf(volumes);
        }
    }
}

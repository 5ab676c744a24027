package io.containr.simulator.engine;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image says of itself.
 *
 * @param command entrypoint and command together; empty where the image has none
 * @param environment {@code NAME=value}
 * @param user empty for root
 * @param volumes paths
 * @param size in bytes, all layers
 */
public record ImageFacts(
        String id,
        List<String> command,
        List<String> environment,
        String user,
        String workingDirectory,
        @Nullable String stopSignal,
        Set<String> volumes,
        long size) {}

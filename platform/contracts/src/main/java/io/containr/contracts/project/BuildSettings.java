package io.containr.contracts.project;

import io.containr.contracts.Sealed;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a service is built and started.
 *
 * @param builder null: found by looking at the source
 * @param buildCommand null: the builder's own
 * @param startCommand a command line split like a shell's words, null: the image's own
 * @param environment variables of the build, sealed for the service ({@link ServiceSpec#sealedFor})
 */
public record BuildSettings(
        @Nullable String builder,
        @Nullable String buildCommand,
        @Nullable String startCommand,
        Map<String, Sealed> environment) {

    public BuildSettings {
        environment = Map.copyOf(environment);
    }
}

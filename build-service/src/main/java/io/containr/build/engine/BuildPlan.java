package io.containr.build.engine;

import java.nio.file.Path;
import java.util.Map;

/**
 * One Dockerfile build.
 *
 * @param context directory sent to the engine
 * @param dockerfile below the context
 * @param tag what the image is called in the engine
 * @param arguments for the {@code ARG}s the Dockerfile declares; others are not passed on
 * @param labels of the image
 * @param scratch a directory for temporary files, removed by the caller
 */
public record BuildPlan(
        Path context,
        Path dockerfile,
        String tag,
        Map<String, String> arguments,
        Map<String, String> labels,
        Path scratch) {

    public BuildPlan {
        arguments = Map.copyOf(arguments);
        labels = Map.copyOf(labels);
    }

    /** The arguments' values may be secrets. */
    @Override
    public String toString() {
        return "BuildPlan[" + tag + ", " + dockerfile + "]";
    }
}

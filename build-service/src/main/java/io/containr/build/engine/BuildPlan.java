package io.containr.build.engine;

import java.nio.file.Path;
import java.util.Map;

/**
 * One build by the engine.
 *
 * @param context directory sent to the engine
 * @param dockerfile below the context, or a frontend's own file anywhere
 * @param tag what the image is called in the engine
 * @param arguments for the {@code ARG}s the Dockerfile declares; others are not passed on
 * @param secrets mounted into steps that ask for them, in no layer; BuildKit alone knows them
 * @param labels of the image
 * @param scratch a directory for temporary files, removed by the caller
 */
public record BuildPlan(
        Path context,
        Path dockerfile,
        String tag,
        Map<String, String> arguments,
        Map<String, String> secrets,
        Map<String, String> labels,
        Path scratch) {

    public BuildPlan {
        arguments = Map.copyOf(arguments);
        secrets = Map.copyOf(secrets);
        labels = Map.copyOf(labels);
    }

    /** The arguments' values may be secrets. */
    @Override
    public String toString() {
        return "BuildPlan[" + tag + ", " + dockerfile + "]";
    }
}

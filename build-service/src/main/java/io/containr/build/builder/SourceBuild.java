package io.containr.build.builder;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One build of a source.
 *
 * @param directory the source
 * @param ours whether the directory goes with the build; another one is only read
 * @param dockerfile below the directory; null: {@code Dockerfile}, if there is one
 * @param buildCommand null: the builder's own
 * @param startCommand null: the builder's own
 * @param variables of the build, in clear
 * @param labels of the image
 * @param tag what the image is called in the engine
 * @param cacheKey whose caches the build shares
 * @param scratch a directory for temporary files, removed by the caller
 */
public record SourceBuild(
        Path directory,
        boolean ours,
        @Nullable String dockerfile,
        @Nullable String buildCommand,
        @Nullable String startCommand,
        Map<String, String> variables,
        Map<String, String> labels,
        String tag,
        String cacheKey,
        Path scratch) {

    public SourceBuild {
        variables = Map.copyOf(variables);
        labels = Map.copyOf(labels);
    }

    /** The variables' values may be secrets. */
    @Override
    public String toString() {
        return "SourceBuild[" + tag + "]";
    }
}

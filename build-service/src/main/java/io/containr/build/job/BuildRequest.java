package io.containr.build.job;

import io.containr.contracts.Sealed;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be built; kept with the build.
 *
 * @param source null where {@code localPath} is given
 * @param localPath a directory of the platform's own disk
 * @param builder null: found by looking at the source
 * @param startCommand null: the builder's or the image's own
 * @param kind what the service is for, null: not known
 * @param branch overrides the source's
 * @param variables offered to the build, each sealed for its service
 * @param arguments of this build alone, sealed for it ({@link #sealedFor}); they win over variables
 * @param labels of the image
 * @param gitCredential what the repository is fetched with, sealed for its service; null: nothing
 */
public record BuildRequest(
        @Nullable ServiceSource source,
        @Nullable String localPath,
        @Nullable String builder,
        @Nullable String buildCommand,
        @Nullable String startCommand,
        @Nullable ServiceKind kind,
        @Nullable String branch,
        @Nullable String commit,
        Map<String, Sealed> variables,
        Map<String, Sealed> arguments,
        Map<String, String> labels,
        @Nullable GitCredential gitCredential) {

    public BuildRequest {
        variables = Map.copyOf(variables);
        arguments = Map.copyOf(arguments);
        labels = Map.copyOf(labels);
    }

    /** What a secret of one build is bound to. */
    static String sealedFor(io.containr.contracts.ids.BuildId build, String name) {
        return "build/" + build + "/argument/" + name;
    }
}

package io.containr.build.job;

import io.containr.build.builder.BuilderChoice;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.project.ServiceSource;
import java.util.Locale;

/** Which builder a request means. */
final class Builders {

    private Builders() {}

    /** @throws BuildFailedException NO_BUILDER for one that this version does not have */
    static BuilderChoice choose(BuildRequest request) throws BuildFailedException {
        ServiceSource source = request.source();
        String wanted = request.builder();
        if (wanted == null) {
            if (source == null) {
                return BuilderChoice.DETECTED;
            }
            return switch (source.type()) {
                case IMAGE -> BuilderChoice.PREBUILT;
                case DOCKERFILE -> BuilderChoice.DOCKERFILE;
                case GIT -> BuilderChoice.DETECTED;
            };
        }
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "dockerfile" -> BuilderChoice.DOCKERFILE;
            case "railpack" -> BuilderChoice.RAILPACK;
            case "nixpacks" -> BuilderChoice.NIXPACKS;
            case "prebuilt", "image" -> BuilderChoice.PREBUILT;
            default ->
                throw new BuildFailedException(
                        BuildErrorCode.NO_BUILDER,
                        "The builder '" + wanted
                                + "' is not available; there are railpack, nixpacks, dockerfile and prebuilt.");
        };
    }
}

package io.containr.build.job;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.project.ServiceSource;
import java.util.Locale;

/** Ways to come to an image. */
enum Builder {
    DOCKERFILE,
    PREBUILT;

    /** @throws BuildFailedException NO_BUILDER for one that this version does not have */
    static Builder choose(BuildRequest request) throws BuildFailedException {
        ServiceSource source = request.source();
        boolean image = source != null && source.type() == ServiceSource.Type.IMAGE;
        String wanted = request.builder();
        if (wanted == null) {
            return image ? PREBUILT : DOCKERFILE;
        }
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "dockerfile" -> DOCKERFILE;
            case "prebuilt", "image" -> PREBUILT;
            default ->
                throw new BuildFailedException(
                        BuildErrorCode.NO_BUILDER,
                        "The builder '" + wanted + "' is not available; there are dockerfile and prebuilt.");
        };
    }
}

package io.containr.build.job.web;

import io.containr.build.job.Build;
import io.containr.contracts.Failure;
import io.containr.contracts.build.PreparedImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bodies of answers, in the shapes of the API's contract. */
final class BuildResponses {

    private BuildResponses() {}

    /** @param log null where a list is answered */
    static BuildStatusResponse status(Build build, @Nullable String log) {
        PreparedImage image = build.image();
        Failure failure = build.failure();
        return new BuildStatusResponse(
                build.id().toString(),
                build.project().toString(),
                build.service() == null ? null : build.service().toString(),
                build.status().wireName(),
                build.progress(),
                build.startedAt(),
                build.completedAt(),
                build.imageName() != null ? build.imageName() : image == null ? null : image.repository(),
                build.imageTag() != null ? build.imageTag() : image == null ? null : image.tag(),
                image == null ? null : image.sizeBytes(),
                failure == null ? null : failure.message(),
                log,
                metadata(build));
    }

    private static Map<String, String> metadata(Build build) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("created_at", build.createdAt().toString());
        if (build.deployment() != null) {
            metadata.put("deployment_id", build.deployment().toString());
        }
        if (build.phase() != null && !build.status().isTerminal()) {
            metadata.put("phase", build.phase().wireName());
        }
        if (build.image() != null) {
            metadata.put("image", build.image().reference());
            metadata.put("digest", build.image().digest());
            namedImage(build).ifPresent(reference -> metadata.put("named_image", reference));
        }
        if (build.commit() != null) {
            metadata.put("commit", build.commit().hash());
            metadata.put("commit_message", build.commit().message());
            metadata.put("commit_author", build.commit().author());
        }
        if (build.failure() != null) {
            metadata.put("error_code", build.failure().code());
        }
        if (build.cancelReason() != null) {
            metadata.put("cancel_reason", build.cancelReason());
        }
        build.phases()
                .forEach((phase, duration) -> metadata.put(phase + "_millis", Long.toString(duration.toMillis())));
        return metadata;
    }

    /** Where the image is under the name its user gave it. */
    private static Optional<String> namedImage(Build build) {
        String name = build.imageName();
        String tag = build.imageTag();
        PreparedImage image = build.image();
        if (name == null || tag == null || image == null) {
            return Optional.empty();
        }
        return Optional.of(image.repository() + "/" + name + ":" + tag);
    }

    static StartBuildResponse accepted(Build build) {
        return new StartBuildResponse(
                build.id().toString(),
                build.status().wireName(),
                build.imageName(),
                build.imageTag(),
                build.createdAt(),
                true);
    }

    /** Contract: BuildStatus. */
    record BuildStatusResponse(
            String id,
            String projectId,
            @Nullable String serviceId,
            String status,
            int progress,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt,
            @Nullable String imageName,
            @Nullable String imageTag,
            @Nullable Long size,
            @Nullable String error,
            @Nullable String log,
            Map<String, String> metadata) {}

    /** Contract: StartBuildResponse. */
    record StartBuildResponse(
            String id,
            String status,
            @Nullable String imageName,
            @Nullable String imageTag,
            Instant buildTime,
            boolean success) {}

    /** Contract: BuildListResponse. */
    record BuildListResponse(List<BuildStatusResponse> builds, long total, int page, int limit) {}

    /** Contract: BuildCancelResponse. */
    record BuildCancelResponse(String message) {}
}

package io.containr.contracts.project;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where a service's code or image comes from.
 *
 * @param repository Git URL for {@link Type#GIT} and {@link Type#DOCKERFILE}
 * @param branch null: the repository's default branch
 * @param rootDirectory directory in the repository that is built, null: its root
 * @param dockerfile path below the root directory, null: {@code Dockerfile}
 * @param image image reference for {@link Type#IMAGE}
 */
public record ServiceSource(
        Type type,
        @Nullable String repository,
        @Nullable String branch,
        @Nullable String rootDirectory,
        @Nullable String dockerfile,
        @Nullable String image) {

    /** Kinds of source. */
    public enum Type {
        @JsonProperty("git")
        GIT,
        @JsonProperty("dockerfile")
        DOCKERFILE,
        @JsonProperty("image")
        IMAGE
    }
}

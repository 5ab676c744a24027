package io.containr.build.failure;

/** Every way a build can fail; the names are part of the API. */
public enum BuildErrorCode {
    /** The Git URL is malformed or of a kind that is not fetched. */
    REPOSITORY_INVALID,
    /** There is no such repository, or it is private. */
    REPOSITORY_NOT_FOUND,
    /** Its host could not be reached, or broke off. */
    REPOSITORY_UNREACHABLE,
    /** Its address is private and not configured as allowed. */
    REPOSITORY_FORBIDDEN,
    REPOSITORY_TOO_LARGE,
    BRANCH_NOT_FOUND,
    COMMIT_NOT_FOUND,
    CLONE_TIMEOUT,
    /** A path of the source leads out of it or does not exist. */
    SOURCE_PATH_INVALID,
    /** Nothing here knows how to build this source. */
    NO_BUILDER,
    /** The program of the builder that was asked for is not installed. */
    BUILDER_UNAVAILABLE,
    /** The builder's program could not download what it needs. */
    BUILDER_TEMPORARY_FAILURE,
    /** The builder's program found no way to build this source. */
    BUILD_PLAN_FAILED,
    DOCKERFILE_NOT_FOUND,
    DOCKERFILE_INVALID,
    /** The Dockerfile needs BuildKit and no client that offers it was found. */
    BUILDKIT_UNAVAILABLE,
    /** A variable of the build cannot be opened or used. */
    BUILD_VARIABLE_INVALID,
    /** A step of the Dockerfile failed. */
    BUILD_FAILED,
    BUILD_TIMEOUT,
    /** The process that ran the build died, twice. */
    BUILD_WORKER_LOST,
    ENGINE_UNAVAILABLE,
    IMAGE_INVALID,
    IMAGE_NOT_FOUND,
    /** The registry is private and not configured as allowed, or the image belongs to somebody else. */
    IMAGE_FORBIDDEN,
    IMAGE_TOO_LARGE,
    /** There is no variant of the image for the platform's nodes. */
    IMAGE_PLATFORM_UNSUPPORTED,
    /** The image's own program insists on being PID 1. */
    IMAGE_NEEDS_PID1,
    REGISTRY_UNAVAILABLE,
    /** A fault of the platform. */
    INTERNAL
}

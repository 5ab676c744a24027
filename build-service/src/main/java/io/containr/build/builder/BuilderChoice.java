package io.containr.build.builder;

/** Which way to an image was asked for. */
public enum BuilderChoice {
    /** None: the first that the source suits, in the order of the following. */
    DETECTED,
    DOCKERFILE,
    RAILPACK,
    NIXPACKS,
    /** The image is there already. */
    PREBUILT
}

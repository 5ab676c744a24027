package io.containr.deploy.deployment;

/** What is known of the build that a deployment waits for. */
public enum BuildState {
    /** It needs none, or none was asked for yet. */
    NONE,
    ASKED,
    STARTED,
    SUCCEEDED,
    FAILED,
    CANCELLED
}

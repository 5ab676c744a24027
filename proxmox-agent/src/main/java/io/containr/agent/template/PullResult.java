package io.containr.agent.template;

/** How far an image is on its way to a node. */
public sealed interface PullResult {

    /** @param volumeId to make a guest of */
    record Ready(String volumeId) implements PullResult {}

    /** Still on its way. */
    record Pending() implements PullResult {}

    /** @param passing whether another try may succeed */
    record Failed(String reason, boolean passing) implements PullResult {}
}

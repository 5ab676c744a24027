package io.containr.simulator.cluster;

/** A node: its name, how much memory it claims to have, and how many processors. */
public record NodeSpec(String name, long memoryBytes, int processors) {

    public NodeSpec {
        if (!name.matches("[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?")) {
            throw new IllegalArgumentException("not a node name: " + name);
        }
    }
}

package io.containr.simulator.api;

/** Decides whether a call reaches the node in its path. */
@FunctionalInterface
public interface NodeGate {

    /** Fails as Proxmox does for an unknown node (500) or one out of reach (595, empty). */
    void pass(String node);
}

package io.containr.simulator.engine;

import org.jspecify.annotations.Nullable;

/** What guests are made of. */
public interface Engine extends AutoCloseable {

    Images images();

    Containers containers();

    Volumes volumes();

    /** The network behind {@code vmbr0}, made where it is missing. */
    Bridge bridge(String name, @Nullable String subnet);

    int processors();

    /** Removes all of this simulator's containers, volumes, images and its network, if it made that. */
    void removeEverything(Bridge bridge);

    @Override
    void close();
}

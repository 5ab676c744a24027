package io.containr.simulator.engine;

import java.io.IOException;
import java.nio.file.Path;

/** Volumes, one for each mount point of a guest. */
public interface Volumes {

    /** A new, empty volume; returns its name. */
    String create();

    /**
     * A new volume with the content of another, owners, modes and attributes included.
     *
     * @throws IOException where it cannot be copied; nothing of the copy is left then
     */
    String copy(String volume) throws IOException, InterruptedException;

    /** The directory of this machine that holds a volume's content. */
    Path directory(String volume);

    /** Removing what is gone is no error. */
    void remove(String name);
}

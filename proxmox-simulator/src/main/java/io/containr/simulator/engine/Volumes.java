package io.containr.simulator.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Volumes, one for each mount point of a guest. */
public interface Volumes {

    /** A new, empty volume; returns its name. */
    String create();

    /** A new volume with the content of another. */
    String copy(String volume, String image) throws IOException;

    /** Writes a volume's content as a tar stream. */
    void export(String volume, String image, OutputStream out) throws IOException;

    /** Fills a volume from a tar stream. */
    void fill(String volume, String image, InputStream tar);

    /** Removing what is gone is no error. */
    void remove(String name);
}

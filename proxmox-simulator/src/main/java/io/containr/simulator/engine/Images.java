package io.containr.simulator.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Images that guests stand on, held by tags of this simulator's own. */
public interface Images {

    /** Finds out what a tag stands for, such as {@code sha256:…}. */
    @FunctionalInterface
    interface Digest {
        String find() throws IOException, InterruptedException;
    }

    /**
     * Makes sure the engine has an image of a registry, and holds it by a new tag.
     *
     * @param repositoryName with the registry's host and port
     * @param login null where the registry lets everybody read
     * @param digest asked where it matters
     */
    String hold(String repositoryName, @Nullable Login login, Digest digest) throws IOException, InterruptedException;

    /** Loads what {@code docker save} would have written, with one image tagged {@code name}, and holds it. */
    String load(InputStream archive, String name);

    /** A fresh name to load an image under. */
    String fresh();

    /** Makes an image of a root file system, a tar archive that may be compressed by gzip, bzip2 or zstd. */
    String importRoot(InputStream archive) throws IOException;

    /**
     * Holds such an image without making it: the engine gets it when it is first asked about or stood on, which a guest that is there for
     * its volumes alone never causes.
     *
     * @param archive not compressed; taken away from where it is
     */
    String importLater(Path archive) throws IOException;

    /** Another hold on the same image, released on its own. */
    String tag(String image);

    boolean exists(String image);

    ImageFacts inspect(String image);

    /**
     * Gives up a hold. The image itself goes with its last tag, also where it came from a registry; one that a container still stands on
     * stays until that is gone.
     */
    void release(String held);
}

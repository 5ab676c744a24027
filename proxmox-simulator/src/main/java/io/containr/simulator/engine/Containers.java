package io.containr.simulator.engine;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container of each guest: at most one. */
public interface Containers {

    /**
     * Makes the container without starting it.
     *
     * @param imageEnvironment names of the image's variables, which must not reach the guest unless the specification has them
     */
    void create(GuestSpec spec, Bridge bridge, List<String> imageEnvironment);

    /** Empty where the guest has no container. */
    Optional<GuestState> find(int vmid);

    /** The guests that run now, by vmid, with their containers. */
    Map<Integer, String> running();

    /** Starting what runs already is no error. */
    void start(int vmid);

    /** Sends a signal; one that runs no more is no error. */
    void signal(int vmid, String signal);

    /** Whether the guest ended within the time. */
    boolean awaitExit(int vmid, Duration atMost) throws InterruptedException;

    void limit(int vmid, GuestSpec.Limits limits);

    /** Removes the container, running or not, and what the image declared as volumes. */
    void remove(int vmid);

    /** Makes an image of the guest's root file system as it is now. */
    String commit(int vmid);

    /** Stops all its processes where they are, until {@link #resume}. */
    void freeze(int vmid);

    /** Without effect for one that is not frozen, or not there. */
    void resume(int vmid);

    /** The whole root file system, without mounted volumes, as a tar stream. */
    InputStream export(int vmid);

    /** A path of a container as a tar stream, its last part as the leading directory. */
    InputStream read(int vmid, String path);

    /**
     * The text of a small file of an image; empty where it has none. Links are not followed.
     *
     * @param image by its id: what a name stands for may change
     */
    Optional<String> readImageFile(String image, String path) throws IOException;

    /** Unpacks a tar stream into a directory of a container. */
    void write(int vmid, String directory, InputStream tar);

    /** One measurement, over about a second. Nothing where the guest does not run. */
    GuestUsage measure(int vmid) throws InterruptedException;

    /** Guests that have a container, running or not. */
    List<Integer> all();
}

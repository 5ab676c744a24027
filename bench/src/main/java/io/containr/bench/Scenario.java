package io.containr.bench;

/** One thing worth measuring. It brings its own data, and leaves the platform up and as it was set. */
interface Scenario {

    /** What it is called on the command line, and its file of figures. */
    String name();

    /** Its heading. */
    String title();

    /** Whether the platform has to be up. */
    default boolean needsPlatform() {
        return true;
    }

    void run(World world, Report report) throws Exception;
}

package io.containr.build.log;

/** Where the parts of a build write what its user should read. Never blocks for long and never fails the build. */
public interface BuildOutput {

    /** Text as it comes; lines are cut at line feeds. */
    void write(Stream stream, String text);

    /** A line about the build itself. */
    default void info(String line) {
        write(Stream.SYSTEM, line + "\n");
    }

    /** Who wrote a line. */
    enum Stream {
        STDOUT,
        STDERR,
        SYSTEM;

        /** As messages name it. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}

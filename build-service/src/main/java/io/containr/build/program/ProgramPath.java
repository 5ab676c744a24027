package io.containr.build.program;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a program is: where an operator said, else on the PATH of this process. */
public final class ProgramPath {

    private ProgramPath() {}

    /** The program; empty where there is none that can be run. */
    public static Optional<Path> find(@Nullable Path configured, String name) {
        return (configured == null ? all(name).stream() : Stream.of(configured))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Every program of that name on the PATH. */
    public static List<Path> all(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .toList();
    }
}

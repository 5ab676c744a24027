package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths that users give, kept inside the source they belong to, whatever symbolic links say. */
public final class SourcePaths {

    private SourcePaths() {}

    /**
     * A directory of the source.
     *
     * @param relative null or empty: the source itself
     * @throws BuildFailedException SOURCE_PATH_INVALID if it is missing, no directory or outside
     */
    public static Path directory(Path source, @Nullable String relative) throws BuildFailedException {
        Path directory = inside(source, relative == null ? "" : relative);
        if (directory == null || !Files.isDirectory(directory)) {
            throw new BuildFailedException(
                    BuildErrorCode.SOURCE_PATH_INVALID,
                    "The source has no directory '" + relative + "' (its root directory setting).");
        }
        return directory;
    }

    /** A file below a directory of the source; null if it is missing, no file or outside the directory. */
    public static @Nullable Path file(Path directory, String relative) throws BuildFailedException {
        Path file = inside(directory, relative);
        return file != null && Files.isRegularFile(file) ? file : null;
    }

    private static @Nullable Path inside(Path base, String relative) throws BuildFailedException {
        try {
            Path root = base.toRealPath();
            Path path = root.resolve(relative.replaceFirst("^/+", "")).normalize();
            if (!path.startsWith(root) || !Files.exists(path)) {
                return null;
            }
            Path real = path.toRealPath();
            return real.startsWith(root) ? real : null;
        } catch (IOException | InvalidPathException e) {
            throw new BuildFailedException(
                    BuildErrorCode.SOURCE_PATH_INVALID, "'" + relative + "' is no path inside the source.", e);
        }
    }
}

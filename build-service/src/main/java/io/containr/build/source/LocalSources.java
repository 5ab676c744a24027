package io.containr.build.source;

import io.containr.build.BuildProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sources on the platform's own disk: only what lies below the one directory an operator named, if any. */
@Component
public class LocalSources {

    private final @Nullable Path root;

    LocalSources(BuildProperties properties) {
        this.root = properties.localSources();
    }

    /** Whether there is such a directory at all. */
    public boolean enabled() {
        return root != null;
    }

    /** The directory a user's path means; empty if it is not an existing directory below the root. */
    public Optional<Path> find(String path) {
        Path below = root;
        if (below == null) {
            return Optional.empty();
        }
        try {
            Path base = below.toRealPath();
            Path real = base.resolve(path).toRealPath();
            return real.startsWith(base) && Files.isDirectory(real) ? Optional.of(real) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}

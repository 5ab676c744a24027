package io.containr.build.job;

import io.containr.build.engine.EngineImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** What one build occupies outside the database: a directory and a name in the engine. Closing it lets go of both. */
final class Workspace implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Workspace.class);

    private final Path directory;
    private final String imageName;
    private final String scope;
    private final EngineImages images;
    private boolean built;

    Workspace(Path root, Build build, String repository, EngineImages images) {
        this.directory = root.resolve(build.id().toString());
        this.imageName = repository + ":build-" + build.id();
        this.scope = build.scope();
        this.images = images;
        try {
            FileSystemUtils.deleteRecursively(directory);
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory to build in", e);
        }
    }

    Path directory() {
        return directory;
    }

    /** What the image is called in the engine until the workspace is closed. */
    String imageName() {
        return imageName;
    }

    /** From now on there may be an image of that name. */
    void imageMayExist() {
        built = true;
    }

    @Override
    public void close() {
        if (built) {
            images.keepAsLatest(imageName, scope);
        }
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            log.warn("{} stays until the next cleanup", directory, e);
        }
    }
}

package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Symbolic links of a source that a program of ours is going to read, which follows them wherever they lead. */
public final class SourceLinks {

    private SourceLinks() {}

    /** @throws BuildFailedException SOURCE_PATH_INVALID naming the first link that leads out of the source */
    public static void requireInside(Path source) throws BuildFailedException, IOException {
        Path root = source.toRealPath();
        List<Path> outside = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink() && !leadsInside(file)) {
                    outside.add(root.relativize(file));
                    return FileVisitResult.TERMINATE;
                }
                return FileVisitResult.CONTINUE;
            }

            private boolean leadsInside(Path link) throws IOException {
                return link.resolveSibling(Files.readSymbolicLink(link))
                        .normalize()
                        .startsWith(root);
            }
        });
        if (!outside.isEmpty()) {
            throw new BuildFailedException(
                    BuildErrorCode.SOURCE_PATH_INVALID,
                    "The link '" + outside.getFirst()
                            + "' leads out of the source, which only a Dockerfile's build may have.");
        }
    }
}

package io.containr.build.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/**
 * Watches a fetch from inside: JGit asks it all the time whether to go on, and it says no once more was received than
 * allowed or the thread was interrupted.
 */
final class FetchLimits extends EmptyProgressMonitor {

    private static final long LOOK_EVERY_NANOS = 100_000_000;

    private final Path directory;
    private final long maxBytes;
    private long lastLook = System.nanoTime();
    private volatile boolean tooLarge;

    FetchLimits(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    @Override
    public boolean isCancelled() {
        long now = System.nanoTime();
        if (!tooLarge && now - lastLook > LOOK_EVERY_NANOS) {
            lastLook = now;
            look();
        }
        return tooLarge || Thread.currentThread().isInterrupted();
    }

    /** Measures now. */
    boolean look() {
        tooLarge = sizeOf(directory) > maxBytes;
        return tooLarge;
    }

    /** Files may come and go while this counts. */
    private static long sizeOf(Path directory) {
        long[] size = {0};
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    size[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot measure a clone", e);
        }
        return size[0];
    }
}

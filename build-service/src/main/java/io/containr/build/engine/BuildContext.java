package io.containr.build.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A build's context as a tar archive. Symbolic links are sent as links and never followed: docker-java's own archive
 * follows them, and would send the platform's files to a build that links to them.
 */
final class BuildContext {

    private final Path directory;
    private final String dockerfile;
    private final IgnoredFiles ignored;

    private BuildContext(Path directory, String dockerfile, IgnoredFiles ignored) {
        this.directory = directory;
        this.dockerfile = dockerfile;
        this.ignored = ignored;
    }

    /** Writes the archive into a new file. */
    static Path archive(BuildPlan plan) throws IOException {
        BuildContext context = new BuildContext(
                plan.context(), relative(plan.context(), plan.dockerfile()), IgnoredFiles.of(plan.context()));
        Path archive = Files.createTempFile(plan.scratch(), "context-", ".tar");
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(file, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            context.write(tar);
        }
        return archive;
    }

    static String relative(Path directory, Path file) {
        return directory.relativize(file).toString();
    }

    private void write(TarArchiveOutputStream tar) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                if (path.equals(directory)) {
                    return FileVisitResult.CONTINUE;
                }
                String name = relative(directory, path);
                if (ignored.ignores(name)) {
                    boolean holdsDockerfile = dockerfile.startsWith(name + "/");
                    return ignored.hasExceptions() || holdsDockerfile
                            ? FileVisitResult.CONTINUE
                            : FileVisitResult.SKIP_SUBTREE;
                }
                add(tar, path, new TarArchiveEntry(name + "/"), attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                String name = relative(directory, path);
                if (ignored.ignores(name) && !name.equals(dockerfile)) {
                    return FileVisitResult.CONTINUE;
                }
                if (attributes.isSymbolicLink()) {
                    TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                    link.setLinkName(Files.readSymbolicLink(path).toString());
                    add(tar, path, link, attributes);
                } else if (attributes.isRegularFile()) {
                    add(tar, path, new TarArchiveEntry(name), attributes);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void add(
            TarArchiveOutputStream tar, Path path, TarArchiveEntry entry, BasicFileAttributes attributes)
            throws IOException {
        boolean file = attributes.isRegularFile();
        entry.setModTime(attributes.lastModifiedTime());
        entry.setMode(attributes.isSymbolicLink() ? 0777 : mode(path));
        entry.setSize(file ? attributes.size() : 0);
        tar.putArchiveEntry(entry);
        if (file) {
            Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
    }

    private static int mode(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 1 << (8 - permission.ordinal());
        }
        return mode;
    }
}

package io.containr.standalone.demo;

import io.containr.local.LocalGitServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.util.FileUtils;

/** A Git repository with a sample application, served over HTTP on loopback as any Git host would. */
public final class SampleRepository implements AutoCloseable {

    private final String name;
    private final Git git;
    private final LocalGitServer server;

    private SampleRepository(String name, Git git, LocalGitServer server) {
        this.name = name;
        this.git = git;
        this.server = server;
    }

    /**
     * Commits a copy of the given files into a new repository, which is called as their folder, and serves it.
     *
     * @param directory emptied and used for the repository
     * @param port 0: any free one
     */
    public static SampleRepository serve(Path files, Path directory, int port) throws IOException, GitAPIException {
        FileUtils.delete(directory.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        String name = files.getFileName() + ".git";
        Path work = directory.resolve(name);
        copy(files, work);
        Git git =
                Git.init().setDirectory(work.toFile()).setInitialBranch("main").call();
        SampleRepository repository = new SampleRepository(name, git, new LocalGitServer(directory, port));
        repository.commit("Begin");
        return repository;
    }

    /** The clone URL. */
    public String url() {
        return server.url(name);
    }

    /** The working tree. */
    public Path directory() {
        return git.getRepository().getWorkTree().toPath();
    }

    /** Writes a file and commits it. */
    public RevCommit change(String file, String text, String message) throws IOException, GitAPIException {
        Path path = path(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return commit(message);
    }

    /** What a file says now. */
    public String read(String file) throws IOException {
        return Files.readString(path(file));
    }

    private Path path(String file) {
        return git.getRepository().getWorkTree().toPath().resolve(file);
    }

    private RevCommit commit(String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        return git.commit()
                .setMessage(message)
                .setAuthor("Ada", "ada@example.com")
                .setCommitter("Ada", "ada@example.com")
                .setSign(false)
                .call();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Override
    public void close() {
        server.close();
        git.close();
    }
}

package io.containr.build.source;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.runtime.net.DestinationGuard;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Fetches sources with JGit: shallow, under limits of time and size, from where {@link DestinationGuard} lets it. */
@Component
public class GitSource {

    private final BuildProperties.Git settings;
    private final DestinationGuard guard;

    GitSource(BuildProperties properties) {
        this.settings = properties.git();
        this.guard = new DestinationGuard(settings.allowedPrivateHosts());
    }

    /**
     * Checks a public source out, see {@link #checkout(GitLocation, GitLogin, Path)}.
     *
     * @throws BuildFailedException for anything the user can know about
     * @throws InterruptedException if the thread was interrupted
     */
    Checkout checkout(GitLocation location, Path directory) throws BuildFailedException, InterruptedException {
        return checkout(location, null, directory);
    }

    /**
     * Checks a source out into {@code directory/source}; Git's own files stay beside it, out of the build's reach.
     *
     * @param login null: it is public
     * @throws BuildFailedException for anything the user can know about
     * @throws InterruptedException if the thread was interrupted
     */
    public Checkout checkout(GitLocation location, @Nullable GitLogin login, Path directory)
            throws BuildFailedException, InterruptedException {
        try (Deadline deadline = new Deadline(settings.timeout())) {
            try {
                return fetchAndCheckOut(location, login, directory);
            } catch (IOException | GitAPIException | RuntimeException e) {
                if (deadline.expired()) {
                    throw new BuildFailedException(
                            BuildErrorCode.CLONE_TIMEOUT,
                            "Fetching " + location.display() + " took longer than " + seconds(settings.timeout()) + ".",
                            e);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("clone interrupted");
                }
                throw failure(location, e);
            }
        }
    }

    /** Lets JGit find out about this machine, which takes it a while and happens once. */
    public void warmUp() {
        FS.DETECTED.getGitSystemConfig();
    }

    private Checkout fetchAndCheckOut(GitLocation location, @Nullable GitLogin login, Path directory)
            throws IOException, GitAPIException, BuildFailedException {
        guardDestination(location);
        Path objects = Files.createDirectories(directory.resolve("git"));
        Path source = Files.createDirectories(directory.resolve("source"));
        FetchLimits limits = new FetchLimits(objects, settings.maxSize().toBytes());
        try (Git git = repository(objects, source);
                GitFetch fetch = new GitFetch(git, location, limits, login, guard, settings)) {
            ObjectId head = fetch.run();
            try (RevWalk walk = new RevWalk(git.getRepository())) {
                RevCommit commit = walk.parseCommit(head);
                if (limits.look()) {
                    throw tooLarge();
                }
                measure(git.getRepository(), commit);
                new DirCacheCheckout(git.getRepository(), git.getRepository().lockDirCache(), commit.getTree())
                        .checkout();
                return new Checkout(source, describe(commit));
            }
        } catch (IOException | GitAPIException | RuntimeException e) {
            if (limits.tooLarge()) {
                throw tooLarge();
            }
            throw e;
        }
    }

    /** Without the link to Git's own files that JGit puts into the source, and without tidying up: it lives for one build. */
    private static Git repository(Path objects, Path source) throws IOException {
        Repository repository = new FileRepositoryBuilder()
                .setGitDir(objects.toFile())
                .setWorkTree(source.toFile())
                .build();
        repository.create();
        Files.delete(source.resolve(Constants.DOT_GIT));
        repository.getConfig().setInt("gc", null, "auto", 0);
        return Git.wrap(repository);
    }

    private void guardDestination(GitLocation location) throws BuildFailedException, IOException {
        if (location.isSsh() && settings.sshDirectory() == null) {
            throw new BuildFailedException(
                    BuildErrorCode.REPOSITORY_FORBIDDEN,
                    "This platform has no SSH key to fetch with; use the repository's https URL.");
        }
        guard.resolve(location.host(), location.port());
    }

    /** A small pack can hold huge files, so the tree is measured before any of it is written. */
    private void measure(Repository repository, RevCommit commit) throws IOException, BuildFailedException {
        long bytes = 0;
        int files = 0;
        try (TreeWalk tree = new TreeWalk(repository);
                ObjectReader reader = repository.newObjectReader()) {
            tree.addTree(commit.getTree());
            tree.setRecursive(true);
            while (tree.next()) {
                if (tree.getFileMode(0).getObjectType() == Constants.OBJ_BLOB) {
                    bytes += reader.getObjectSize(tree.getObjectId(0), Constants.OBJ_BLOB);
                    files++;
                }
                if (bytes > settings.maxSize().toBytes() || files > settings.maxFiles()) {
                    throw tooLarge();
                }
            }
        }
    }

    private BuildFailedException tooLarge() {
        return new BuildFailedException(
                BuildErrorCode.REPOSITORY_TOO_LARGE,
                "The repository is larger than %d MB or %d files."
                        .formatted(settings.maxSize().toMegabytes(), settings.maxFiles()));
    }

    private static Commit describe(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new Commit(
                commit.getName(),
                commit.getShortMessage(),
                author == null ? "" : author.getName() + " <" + author.getEmailAddress() + ">");
    }

    private static BuildFailedException failure(GitLocation location, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ForbiddenDestinationException) {
                return new BuildFailedException(
                        BuildErrorCode.REPOSITORY_FORBIDDEN,
                        "The repository's host must have a public address, unless an operator allows it.",
                        e);
            }
            if (cause instanceof UnknownHostException) {
                return new BuildFailedException(
                        BuildErrorCode.REPOSITORY_UNREACHABLE, "There is no host " + location.host() + ".", e);
            }
        }
        return GitErrors.classify(location, e);
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    /**
     * A checked out source.
     *
     * @param directory its files, without Git's own
     */
    public record Checkout(Path directory, Commit commit) {}
}

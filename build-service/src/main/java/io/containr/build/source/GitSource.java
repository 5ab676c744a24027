package io.containr.build.source;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.eclipse.jgit.transport.FilterSpec;
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
        GitAttempt<Checkout> attempt = () -> fetchAndCheckOut(location, login, directory);
        return attempt.within(settings.timeout(), location);
    }

    /** Lets JGit find out about this machine, which takes it a while and happens once. */
    public void warmUp() {
        FS.DETECTED.getGitSystemConfig();
    }

    private Checkout fetchAndCheckOut(GitLocation location, @Nullable GitLogin login, Path directory)
            throws IOException, GitAPIException, BuildFailedException {
        Path objects = Files.createDirectories(directory.resolve("git"));
        Path source = Files.createDirectories(directory.resolve("source"));
        FetchLimits limits = new FetchLimits(objects, settings.maxSize().toBytes());
        try (GitAccess access = GitAccess.open(location, login, guard, settings);
                Git git = repository(objects, source)) {
            ObjectId head = new GitFetch(git, location, limits, access, FilterSpec.NO_FILTER).run();
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
    static Git repository(Path objects, Path source) throws IOException {
        Repository repository = new FileRepositoryBuilder()
                .setGitDir(objects.toFile())
                .setWorkTree(source.toFile())
                .build();
        repository.create();
        Files.delete(source.resolve(Constants.DOT_GIT));
        repository.getConfig().setInt("gc", null, "auto", 0);
        // Else another thread looks whether there is anything to tidy, when the directory may be gone.
        repository.getConfig().setBoolean("gc", null, "autoDetach", false);
        return Git.wrap(repository);
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

    static Commit describe(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new Commit(
                commit.getName(),
                commit.getShortMessage(),
                author == null ? "" : author.getName() + " <" + author.getEmailAddress() + ">");
    }

    /**
     * A checked out source.
     *
     * @param directory its files, without Git's own
     */
    public record Checkout(Path directory, Commit commit) {}
}

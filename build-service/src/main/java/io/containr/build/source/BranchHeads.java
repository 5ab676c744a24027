package io.containr.build.source;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.runtime.Ids;
import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Looks at branches from afar: which commit is their head, and what it says, without fetching more than that where the server can. */
@Component
public class BranchHeads {

    /** As Git names it: the commit alone. */
    private static final String NO_TREES = "tree:0";

    private final BuildProperties properties;
    private final DestinationGuard guard;

    BranchHeads(BuildProperties properties) {
        this.properties = properties;
        this.guard = new DestinationGuard(properties.git().allowedPrivateHosts());
    }

    /** A branch by its name, and its head. */
    public record Head(String branch, String commit) {}

    /**
     * What a commit says.
     *
     * @param message all of it
     * @param author {@code name <email>}
     */
    public record Words(String message, @Nullable String author) {}

    /**
     * The head of the location's branch, or of the default branch where it names none.
     *
     * @throws BuildFailedException BRANCH_NOT_FOUND, or why the repository cannot be asked
     * @throws InterruptedException if the thread was interrupted
     */
    public Head find(GitLocation location, @Nullable GitLogin login) throws BuildFailedException, InterruptedException {
        GitAttempt<Head> attempt = () -> ask(location, login);
        return attempt.within(properties.polling().timeout(), location);
    }

    private Head ask(GitLocation location, @Nullable GitLogin login) throws IOException, BuildFailedException {
        String name = location.branch() == null ? Constants.HEAD : Constants.R_HEADS + location.branch();
        try (GitAccess access = GitAccess.open(location, login, guard, properties.git());
                Transport transport = Transport.open(location.uri())) {
            access.configure(transport);
            transport.setTimeout(GitAccess.IDLE_SECONDS);
            transport.setCredentialsProvider(access.credentials());
            try (FetchConnection connection = transport.openFetch(List.of(new RefSpec(name)))) {
                Ref found = connection.getRef(name);
                String branch = found == null ? "" : found.getTarget().getName();
                if (found == null || found.getObjectId() == null || !branch.startsWith(Constants.R_HEADS)) {
                    throw noSuchBranch(location);
                }
                return new Head(
                        branch.substring(Constants.R_HEADS.length()),
                        found.getObjectId().name());
            }
        }
    }

    private static BuildFailedException noSuchBranch(GitLocation location) {
        return new BuildFailedException(
                BuildErrorCode.BRANCH_NOT_FOUND,
                location.branch() == null
                        ? "The repository is empty, or does not say which branch is its default."
                        : "The repository has no branch '" + location.branch() + "'.");
    }

    /**
     * What the location's commit says.
     *
     * @throws BuildFailedException COMMIT_NOT_FOUND, or why the repository cannot be asked
     * @throws InterruptedException if the thread was interrupted
     */
    public Words read(GitLocation location, @Nullable GitLogin login)
            throws BuildFailedException, InterruptedException {
        GitAttempt<Words> attempt = () -> {
            try {
                return fetch(location, login, FilterSpec.fromFilterLine(NO_TREES));
            } catch (IOException | GitAPIException e) {
                if (!GitErrors.isUnknownFilter(e)) {
                    throw e;
                }
                return fetch(location, login, FilterSpec.NO_FILTER);
            }
        };
        return attempt.within(properties.git().timeout(), location);
    }

    /** The directory is named like a build's, so that it is swept like one if this process dies. */
    private Words fetch(GitLocation location, @Nullable GitLogin login, FilterSpec filter)
            throws IOException, GitAPIException, BuildFailedException {
        Path directory = properties.workDirectory().resolve(Ids.next().toString());
        Path objects = Files.createDirectories(directory.resolve("git"));
        Path source = Files.createDirectories(directory.resolve("source"));
        FetchLimits limits = new FetchLimits(objects, properties.git().maxSize().toBytes());
        try (GitAccess access = GitAccess.open(location, login, guard, properties.git());
                Git git = GitSource.repository(objects, source);
                RevWalk walk = new RevWalk(git.getRepository())) {
            RevCommit commit = walk.parseCommit(new GitFetch(git, location, limits, access, filter).run());
            PersonIdent author = commit.getAuthorIdent();
            return new Words(
                    commit.getFullMessage(),
                    author == null ? null : author.getName() + " <" + author.getEmailAddress() + ">");
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }
}

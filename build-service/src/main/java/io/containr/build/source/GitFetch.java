package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/** One fetch of one commit, as shallow as the server allows. */
final class GitFetch {

    private static final String LOCAL_REF = "refs/containr/source";
    private static final List<Integer> DEEPER = List.of(50, 1000, Integer.MAX_VALUE);

    private final Git git;
    private final GitLocation location;
    private final FetchLimits limits;
    private final GitAccess access;
    private final FilterSpec filter;

    /** @param filter which objects of the commit are fetched; one that is not {@link FilterSpec#isNoOp} not every server knows */
    GitFetch(Git git, GitLocation location, FetchLimits limits, GitAccess access, FilterSpec filter) {
        this.git = git;
        this.location = location;
        this.limits = limits;
        this.access = access;
        this.filter = filter;
    }

    ObjectId run() throws GitAPIException, IOException, BuildFailedException {
        String commit = location.commit();
        if (commit != null) {
            return commit(commit);
        }
        return branch(1);
    }

    private ObjectId branch(int depth) throws GitAPIException, IOException {
        String branch = location.branch();
        if (branch == null) {
            return fetch("HEAD", depth);
        }
        try {
            return fetch("refs/heads/" + branch, depth);
        } catch (TransportException e) {
            if (!GitErrors.isMissingRef(e)) {
                throw e;
            }
            return fetch("refs/tags/" + branch, depth);
        }
    }

    /** Many servers hand out any commit; of those that do not, more and more of the branch is fetched until it is there. */
    private ObjectId commit(String hash) throws GitAPIException, IOException, BuildFailedException {
        ObjectId wanted = ObjectId.fromString(hash);
        try {
            receive(hash, 1);
        } catch (TransportException e) {
            if (!GitErrors.isUnadvertisedCommit(e)) {
                throw e;
            }
        }
        for (int depth : DEEPER) {
            if (isHere(wanted)) {
                return wanted;
            }
            branch(depth);
        }
        if (isHere(wanted)) {
            return wanted;
        }
        throw new BuildFailedException(
                BuildErrorCode.COMMIT_NOT_FOUND, "The repository's branch has no commit " + hash + ".");
    }

    private boolean isHere(ObjectId commit) throws IOException {
        return git.getRepository().getObjectDatabase().has(commit);
    }

    private ObjectId fetch(String remote, int depth) throws GitAPIException, IOException {
        receive(remote, depth);
        ObjectId head = git.getRepository().resolve(LOCAL_REF + "^{commit}");
        if (head == null) {
            throw new IOException("fetched, but there is no commit");
        }
        return head;
    }

    private void receive(String remote, int depth) throws GitAPIException {
        FetchCommand fetch = git.fetch()
                .setRemote(location.uri().toPrivateASCIIString())
                .setRefSpecs(new RefSpec("+" + remote + ":" + LOCAL_REF))
                .setTagOpt(TagOpt.NO_TAGS)
                .setProgressMonitor(limits)
                .setTimeout(GitAccess.IDLE_SECONDS)
                .setCredentialsProvider(access.credentials())
                .setTransportConfigCallback(transport -> {
                    access.configure(transport);
                    transport.setFilterSpec(filter);
                });
        if (depth < Integer.MAX_VALUE) {
            fetch.setDepth(depth);
        } else {
            fetch.setUnshallow(true);
        }
        fetch.call();
    }
}

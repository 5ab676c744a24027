package io.containr.build.source;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** One fetch of one commit, as shallow as the server allows. */
final class GitFetch implements AutoCloseable {

    private static final String LOCAL_REF = "refs/containr/source";
    private static final int IDLE_SECONDS = 30;
    private static final List<Integer> DEEPER = List.of(50, 1000, Integer.MAX_VALUE);

    private final Git git;
    private final GitLocation location;
    private final FetchLimits limits;
    private final @Nullable GitLogin login;
    private final GuardedHttp http;
    private final @Nullable SshdSessionFactory ssh;

    GitFetch(
            Git git,
            GitLocation location,
            FetchLimits limits,
            @Nullable GitLogin login,
            DestinationGuard guard,
            BuildProperties.Git settings) {
        this.git = git;
        this.location = location;
        this.limits = limits;
        this.login = login;
        this.http = new GuardedHttp(guard, location, java.time.Duration.ofSeconds(IDLE_SECONDS));
        this.ssh = location.isSsh() ? ssh(settings.sshDirectory()) : null;
    }

    /** Nobody is asked, so a host key that is not in the operator's known_hosts is refused, whatever a name resolves to. */
    private static @Nullable SshdSessionFactory ssh(@Nullable Path directory) {
        if (directory == null) {
            return null;
        }
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(directory.toFile())
                .setSshDirectory(directory.toFile())
                .setPreferredAuthentications("publickey")
                .setDefaultKnownHostsFiles(home -> List.of(directory.resolve("known_hosts")))
                .build(null);
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
                .setTimeout(IDLE_SECONDS)
                .setTransportConfigCallback(this::configure);
        if (login != null) {
            fetch.setCredentialsProvider(new OriginCredentials(location, login));
        }
        if (depth < Integer.MAX_VALUE) {
            fetch.setDepth(depth);
        } else {
            fetch.setUnshallow(true);
        }
        fetch.call();
    }

    private void configure(Transport transport) {
        if (transport instanceof TransportHttp overHttp) {
            overHttp.setHttpConnectionFactory(http);
        } else if (transport instanceof SshTransport overSsh && ssh != null) {
            overSsh.setSshSessionFactory(ssh);
        } else {
            throw new IllegalStateException(
                    "not fetched from: " + transport.getClass().getSimpleName());
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
        if (ssh != null) {
            ssh.close();
        }
    }
}

package io.containr.build.source;

import io.containr.build.BuildProperties;
import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.runtime.net.DestinationGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** JGit's way to one repository: over HTTP or ssh, to an address that the guard lets pass, with the login if there is one. */
final class GitAccess implements AutoCloseable {

    static final int IDLE_SECONDS = 30;

    private final GitLocation location;
    private final @Nullable GitLogin login;
    private final GuardedHttp http;
    private final @Nullable SshdSessionFactory ssh;

    private GitAccess(
            GitLocation location, @Nullable GitLogin login, DestinationGuard guard, @Nullable SshdSessionFactory ssh) {
        this.location = location;
        this.login = login;
        this.http = new GuardedHttp(guard, location, Duration.ofSeconds(IDLE_SECONDS));
        this.ssh = ssh;
    }

    /**
     * @throws BuildFailedException REPOSITORY_FORBIDDEN if it would need a key that the platform does not have
     * @throws IOException if the address may not be spoken to, or is none
     */
    static GitAccess open(
            GitLocation location, @Nullable GitLogin login, DestinationGuard guard, BuildProperties.Git settings)
            throws BuildFailedException, IOException {
        Path keys = settings.sshDirectory();
        if (location.isSsh() && keys == null) {
            throw new BuildFailedException(
                    BuildErrorCode.REPOSITORY_FORBIDDEN,
                    "This platform has no SSH key to fetch with; use the repository's https URL.");
        }
        guard.resolve(location.host(), location.port());
        return new GitAccess(location, login, guard, location.isSsh() && keys != null ? ssh(keys) : null);
    }

    /** Nobody is asked, so a host key that is not in the operator's known_hosts is refused, whatever a name resolves to. */
    private static SshdSessionFactory ssh(Path directory) {
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(directory.toFile())
                .setSshDirectory(directory.toFile())
                .setPreferredAuthentications("publickey")
                .setDefaultKnownHostsFiles(home -> List.of(directory.resolve("known_hosts")))
                .build(null);
    }

    void configure(Transport transport) {
        if (transport instanceof TransportHttp overHttp) {
            overHttp.setHttpConnectionFactory(http);
        } else if (transport instanceof SshTransport overSsh && ssh != null) {
            overSsh.setSshSessionFactory(ssh);
        } else {
            throw new IllegalStateException(
                    "not fetched from: " + transport.getClass().getSimpleName());
        }
    }

    @Nullable
    CredentialsProvider credentials() {
        return login == null ? null : new OriginCredentials(location, login);
    }

    @Override
    public void close() throws IOException {
        http.close();
        if (ssh != null) {
            ssh.close();
        }
    }
}

package io.containr.build.source;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** Tells JGit a login, where it asks on behalf of the host that the login is for. */
final class OriginCredentials extends UsernamePasswordCredentialsProvider {

    private final GitLocation location;

    OriginCredentials(GitLocation location, GitLogin login) {
        super(login.username(), login.password());
        this.location = location;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        return location.isOrigin(uri.getScheme(), uri.getHost(), uri.getPort()) && super.get(uri, items);
    }
}

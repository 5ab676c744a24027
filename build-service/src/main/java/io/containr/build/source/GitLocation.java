package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch. Its text form shows neither user nor password, so it may be logged.
 *
 * @param branch a branch or tag, null: the repository's default branch
 * @param commit a full hash, null: the head of the branch
 */
public record GitLocation(
        URIish uri, @Nullable String branch, @Nullable String commit) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*|\\[?[0-9A-Fa-f:.]+]?");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}");

    /** @throws BuildFailedException REPOSITORY_INVALID, BRANCH_NOT_FOUND or COMMIT_NOT_FOUND if it cannot exist */
    public static GitLocation of(String url, @Nullable String branch, @Nullable String commit)
            throws BuildFailedException {
        URIish uri;
        try {
            uri = new URIish(url);
        } catch (URISyntaxException e) {
            throw new BuildFailedException(BuildErrorCode.REPOSITORY_INVALID, "The repository's URL is malformed.", e);
        }
        if (uri.getHost() == null || !HOST.matcher(uri.getHost()).matches() || !isFetchable(uri)) {
            throw new BuildFailedException(
                    BuildErrorCode.REPOSITORY_INVALID, "Only http, https and ssh repositories can be fetched.");
        }
        if (branch != null && !Repository.isValidRefName("refs/heads/" + branch)) {
            throw new BuildFailedException(BuildErrorCode.BRANCH_NOT_FOUND, "'" + branch + "' is no branch name.");
        }
        String hash = commit == null ? null : commit.toLowerCase(Locale.ROOT);
        if (hash != null && !HASH.matcher(hash).matches()) {
            throw new BuildFailedException(
                    BuildErrorCode.COMMIT_NOT_FOUND, "A commit is named by its full hash of 40 hexadecimal digits.");
        }
        return new GitLocation(uri, branch, hash);
    }

    private static boolean isFetchable(URIish uri) {
        String scheme = uri.getScheme();
        boolean named = uri.getPath() != null && !uri.getPath().startsWith(":");
        return (scheme == null && named) || "http".equals(scheme) || "https".equals(scheme) || "ssh".equals(scheme);
    }

    /** {@code git@host:path} is ssh too. */
    boolean isSsh() {
        return uri.getScheme() == null || uri.getScheme().equals("ssh");
    }

    String host() {
        return Objects.requireNonNull(uri.getHost());
    }

    int port() {
        if (uri.getPort() > 0) {
            return uri.getPort();
        }
        return isSsh() ? 22 : uri.getScheme().equals("https") ? 443 : 80;
    }

    /** @param port below 1: the scheme's own */
    boolean isOrigin(@Nullable String scheme, @Nullable String host, int port) {
        if (scheme == null || !scheme.equalsIgnoreCase(uri.getScheme())) {
            return false;
        }
        int actual = port > 0 ? port : scheme.equalsIgnoreCase("https") ? 443 : 80;
        return host().equalsIgnoreCase(host) && port() == actual;
    }

    /** The URL without user and password. */
    public String display() {
        return uri.setUser(null).setPass(null).toString();
    }

    @Override
    public String toString() {
        return display();
    }
}

package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import io.containr.runtime.net.ForbiddenDestinationException;
import java.net.UnknownHostException;
import java.util.List;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.internal.JGitText;

/**
 * What JGit's failures mean. Much of it shows in texts alone; they are matched here and nowhere else, and never passed on,
 * because they may name a user or a token.
 */
final class GitErrors {

    private static final List<String> ACCESS_TEXTS = List.of(
            JGitText.get().notAuthorized,
            JGitText.get().noCredentialsProvider,
            JGitText.get().authenticationNotSupported,
            "Auth fail",
            "Cannot log in");

    private GitErrors() {}

    static boolean isMissingRef(Throwable failure) {
        String text = JGitText.get().remoteDoesNotHaveSpec;
        return anyText(failure, text.substring(0, text.indexOf("{0}")));
    }

    /** The server will not hand out a commit that no ref points to. */
    static boolean isUnadvertisedCommit(Throwable failure) {
        return isMissingRef(failure)
                || anyText(failure, "not valid")
                || anyText(failure, "not our ref")
                || anyText(failure, "unadvertised object");
    }

    /** The server cannot leave objects out. */
    static boolean isUnknownFilter(Throwable failure) {
        return anyText(failure, JGitText.get().filterRequiresCapability);
    }

    static BuildFailedException classify(GitLocation location, Exception failure) {
        if (has(failure, ForbiddenDestinationException.class)) {
            return new BuildFailedException(
                    BuildErrorCode.REPOSITORY_FORBIDDEN,
                    "The repository's host must have a public address, unless an operator allows it.",
                    failure);
        }
        if (has(failure, UnknownHostException.class)) {
            return new BuildFailedException(
                    BuildErrorCode.REPOSITORY_UNREACHABLE, "There is no host " + location.host() + ".", failure);
        }
        if (has(failure, NoRemoteRepositoryException.class)
                || ACCESS_TEXTS.stream().anyMatch(text -> anyText(failure, text))
                || anyText(failure, "401")
                || anyText(failure, "403")
                || anyText(failure, "404")) {
            return new BuildFailedException(
                    BuildErrorCode.REPOSITORY_NOT_FOUND,
                    "There is no repository " + location.display()
                            + ", or it is private and its Git provider's token is missing or not good for it.",
                    failure);
        }
        if (isMissingRef(failure)) {
            String branch = location.branch();
            return new BuildFailedException(
                    BuildErrorCode.BRANCH_NOT_FOUND,
                    branch == null
                            ? "The repository is empty."
                            : "The repository has no branch or tag '" + branch + "'.",
                    failure);
        }
        if (failure instanceof GitAPIException || failure instanceof java.io.IOException) {
            return new BuildFailedException(
                    BuildErrorCode.REPOSITORY_UNREACHABLE,
                    "Fetching " + location.display() + " failed: its host does not answer as a Git server.",
                    failure);
        }
        return new BuildFailedException(
                BuildErrorCode.INTERNAL,
                "Fetching " + location.display() + " failed by a fault of the platform.",
                failure);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyText(Throwable failure, String part) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.contains(part)) {
                return true;
            }
        }
        return false;
    }
}

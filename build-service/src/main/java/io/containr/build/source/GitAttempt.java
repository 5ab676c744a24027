package io.containr.build.source;

import io.containr.build.failure.BuildErrorCode;
import io.containr.build.failure.BuildFailedException;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jgit.api.errors.GitAPIException;

/** Something done with JGit in the current thread. */
@FunctionalInterface
interface GitAttempt<T> {

    T run() throws IOException, GitAPIException, BuildFailedException;

    /**
     * Within a time.
     *
     * @throws BuildFailedException for anything the user can know about
     * @throws InterruptedException if the thread was interrupted
     */
    default T within(Duration timeout, GitLocation location) throws BuildFailedException, InterruptedException {
        try (Deadline deadline = new Deadline(timeout)) {
            try {
                return run();
            } catch (IOException | GitAPIException | RuntimeException e) {
                if (deadline.expired()) {
                    throw new BuildFailedException(
                            BuildErrorCode.CLONE_TIMEOUT,
                            "Fetching " + location.display() + " took longer than " + timeout.toSeconds() + " s.",
                            e);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("clone interrupted");
                }
                throw GitErrors.classify(location, e);
            }
        }
    }
}

package io.containr.build.branch;

import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the branch that a service is deployed from.
 *
 * @param branch as the service names it, null: the default one
 * @param head the newest known, null: none yet
 * @param moved a newer one that nobody told of so far
 * @param failures how many looks in a row failed
 * @param version rises whenever somebody tells a head
 */
record WatchedBranch(
        ServiceId service,
        String repository,
        @Nullable String branch,
        @Nullable String head,
        @Nullable Moved moved,
        int failures,
        long version) {

    /** A head that was found, and when first. */
    record Moved(String to, Instant at) {}

    /** What follows from a look. */
    sealed interface Finding {

        /** Nothing. */
        record Settled(WatchedBranch branch) implements Finding {}

        /** A delivery may still tell of it. */
        record Waiting(WatchedBranch branch, Duration left) implements Finding {}

        /** No delivery told of it in time. */
        record Missed(String before, String commit) implements Finding {}
    }

    boolean isOf(ServiceSource source) {
        return repository.equals(source.repository()) && Objects.equals(branch, source.branch());
    }

    /** The first head that is found was there before, so nothing follows from it. */
    Finding found(String commit, Instant now, Duration grace) {
        if (head == null || head.equals(commit)) {
            return new Finding.Settled(headed(commit));
        }
        Moved known = moved;
        if (known == null || !known.to().equals(commit)) {
            return new Finding.Waiting(moving(new Moved(commit, now)), grace);
        }
        Instant until = known.at().plus(grace);
        if (now.isBefore(until)) {
            return new Finding.Waiting(moving(known), Duration.between(now, until));
        }
        return new Finding.Missed(head, commit);
    }

    WatchedBranch headed(String commit) {
        return new WatchedBranch(service, repository, branch, commit, null, 0, version);
    }

    WatchedBranch failed() {
        return new WatchedBranch(service, repository, branch, head, moved, failures + 1, version);
    }

    private WatchedBranch moving(Moved to) {
        return new WatchedBranch(service, repository, branch, head, to, 0, version);
    }
}

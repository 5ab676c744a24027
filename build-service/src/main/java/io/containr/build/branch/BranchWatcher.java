package io.containr.build.branch;

import io.containr.build.BuildProperties;
import io.containr.build.branch.WatchedBranch.Finding;
import io.containr.build.failure.BuildFailedException;
import io.containr.build.source.BranchHeads;
import io.containr.build.source.BranchHeads.Head;
import io.containr.build.source.BranchHeads.Words;
import io.containr.build.source.GitLocation;
import io.containr.build.source.GitLogin;
import io.containr.build.source.GitLogins;
import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks at one watched branch, and tells a head that no delivery told of within the grace time. What a delivery tells during a look
 * counts more than what the look found.
 */
@Component
class BranchWatcher {

    private static final Logger log = LoggerFactory.getLogger(BranchWatcher.class);
    private static final int LONGEST_MESSAGE = 10_000;

    private final BranchWatch watch;
    private final WatchedBranches branches;
    private final BranchHeads heads;
    private final GitLogins logins;
    private final Outbox outbox;
    private final TransactionOperations transaction;
    private final Clock clock;
    private final Duration grace;
    private final BranchPauses pauses;

    BranchWatcher(
            BranchWatch watch,
            WatchedBranches branches,
            BranchHeads heads,
            GitLogins logins,
            Outbox outbox,
            TransactionOperations transaction,
            Clock clock,
            BuildProperties properties) {
        this.watch = watch;
        this.branches = branches;
        this.heads = heads;
        this.logins = logins;
        this.outbox = outbox;
        this.transaction = transaction;
        this.clock = clock;
        this.grace = properties.polling().grace();
        this.pauses = new BranchPauses(properties.polling(), RandomGenerator.getDefault());
    }

    Next work(Work work) {
        ServiceId service = ServiceId.of(work.key());
        Optional<ServiceSpec> spec = watch.watched(service);
        if (spec.isEmpty()) {
            branches.forget(service);
            return Next.done();
        }
        WatchedBranch branch = branches.open(service, spec.get().source());
        try {
            return Next.after(look(spec.get(), branch));
        } catch (BuildFailedException e) {
            return Next.after(failed(branch, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Next.after(Duration.ZERO);
        }
    }

    /** How long to leave it alone afterwards. */
    private Duration look(ServiceSpec spec, WatchedBranch branch) throws BuildFailedException, InterruptedException {
        GitLogin login = logins.open(spec.service(), spec.gitCredential());
        Head head = heads.find(location(spec.source(), null), login);
        return switch (branch.found(head.commit(), clock.instant(), grace)) {
            case Finding.Settled(WatchedBranch settled) -> branches.update(settled) ? pauses.afterFailures(0) : grace;
            case Finding.Waiting(WatchedBranch waiting, Duration left) -> branches.update(waiting) ? left : grace;
            case Finding.Missed(String before, String commit) -> {
                Words words = heads.read(location(spec.source(), commit), login);
                HeadMoved moved = new HeadMoved(
                        spec.service(),
                        spec.project(),
                        branch.repository(),
                        head.branch(),
                        before,
                        commit,
                        shortened(words.message()),
                        words.author());
                yield tell(branch, moved) ? pauses.afterFailures(0) : grace;
            }
        };
    }

    private boolean tell(WatchedBranch branch, HeadMoved moved) {
        boolean told = Boolean.TRUE.equals(transaction.execute(status -> {
            boolean stillUnknown = branches.update(branch.headed(moved.commit()));
            if (stillUnknown) {
                outbox.append(moved, moved.service());
            }
            return stillUnknown;
        }));
        if (told) {
            log.info(
                    "No delivery told that {} of service {} moved to {}",
                    moved.branch(),
                    moved.service(),
                    moved.commit());
        }
        return told;
    }

    private Duration failed(WatchedBranch branch, BuildFailedException e) {
        WatchedBranch failed = branch.failed();
        if (branch.failures() == 0) {
            log.info("The branch of service {} cannot be looked at: {}", branch.service(), e.getMessage());
        }
        branches.update(failed);
        return pauses.afterFailures(failed.failures());
    }

    private static GitLocation location(ServiceSource source, @Nullable String commit) throws BuildFailedException {
        return GitLocation.of(Objects.requireNonNull(source.repository()), source.branch(), commit);
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    }
}

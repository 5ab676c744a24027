package io.containr.audit.log;

import io.containr.audit.AuditSettings;
import io.containr.audit.log.Entries.Head;
import io.containr.audit.log.Entries.Linked;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Recomputes the chain from its start; one check at a time, whose result others share for a while. */
@Component
class ChainVerifier {

    private static final Logger log = LoggerFactory.getLogger(ChainVerifier.class);

    private final Entries entries;
    private final TransactionTemplate snapshot;
    private final AuditSettings settings;
    private final Clock clock;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Verification latest;

    ChainVerifier(
            Entries entries,
            PlatformTransactionManager transactions,
            AuditSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.entries = entries;
        this.settings = settings;
        this.clock = clock;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        Gauge.builder("containr.audit.chain.intact", this, ChainVerifier::intact)
                .description("1 if the last check found the chain intact, 0 if not, NaN before the first")
                .register(metrics);
    }

    private double intact() {
        Verification last = latest;
        return last == null ? Double.NaN : last.intact() ? 1 : 0;
    }

    /** A check that is no older than the settings allow. */
    Verification recent() {
        checking.lock();
        try {
            Verification last = latest;
            if (last != null && clock.instant().isBefore(last.verifiedAt().plus(settings.verificationValidFor()))) {
                return last;
            }
            return verify();
        } finally {
            checking.unlock();
        }
    }

    /** Checks every entry; a broken chain is logged as an error. */
    Verification verify() {
        checking.lock();
        try {
            Verification found = Objects.requireNonNull(snapshot.execute(status -> check()));
            latest = found;
            if (found.intact()) {
                log.info("Audit log is intact: {} entries, head {}", found.entries(), found.head());
            } else {
                log.error("Audit log was tampered with: {}", found.problem());
            }
            return found;
        } finally {
            checking.unlock();
        }
    }

    private Verification check() {
        Walk walk = new Walk();
        entries.forEach(walk::visit);
        Head end = entries.head();
        boolean reachesHead = walk.seq == end.seq() && MessageDigest.isEqual(walk.hash, end.hash());
        String problem = walk.problem;
        if (problem == null && !reachesHead) {
            problem = "the last entry should be " + end.seq() + " and is " + walk.seq;
        }
        return new Verification(
                problem == null, walk.seq, HexFormat.of().formatHex(walk.hash), problem, clock.instant());
    }

    /** Follows the chain up to the first entry that is not as it was written. */
    private static final class Walk {

        private long seq;
        private byte[] hash = new byte[32];
        private @Nullable String problem;

        void visit(Linked linked) {
            if (problem != null) {
                return;
            }
            long found = linked.entry().seq();
            if (found != seq + 1) {
                problem = "entry " + (seq + 1) + " is missing";
            } else if (!MessageDigest.isEqual(linked.hash(), ChainHash.of(hash, linked.entry()))) {
                problem = "entry " + found + " is not as it was written";
            } else {
                seq = found;
                hash = linked.hash();
            }
        }
    }
}

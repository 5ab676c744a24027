package io.containr.runtime.work;

import io.containr.runtime.Ids;
import io.containr.runtime.messaging.Origins;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A durable queue of keys to look at, in the service's database. One worker at a time has a key, by a lease that it keeps
 * alive; a lease that runs out (the process died) is claimed by another. Waking a key is idempotent and survives a wake
 * during the work: the handler then runs once more. A handler that throws is tried again with growing pauses.
 */
public final class WorkQueue implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final String name;
    private final Function<Work, Next> handler;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final UUID owner = Ids.next();
    private final Semaphore woken = new Semaphore(0);
    private final Semaphore slots;
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    /** When the table is looked at again by itself; MAX while it is being looked at. */
    private volatile Instant nextLook = Instant.MAX;

    private @Nullable ExecutorService workers;
    private @Nullable Thread claimer;
    private @Nullable Thread heart;

    /**
     * A queue that starts and stops with the application.
     *
     * @param name of the queue, unique in the service's database, never changed
     * @param concurrency how many keys are worked on at once by this process
     * @param handler looks at one key; must be idempotent
     */
    public WorkQueue(String name, int concurrency, Function<Work, Next> handler, JdbcClient jdbc, Clock clock) {
        this.name = name;
        this.handler = handler;
        this.jdbc = jdbc;
        this.clock = clock;
        this.slots = new Semaphore(concurrency);
    }

    /** Has the key looked at as soon as the current transaction, if any, has committed. */
    public void wake(Object key) {
        wake(key, clock.instant());
    }

    /** Has the key looked at when the time comes, or earlier where it is due earlier. */
    public void wake(Object key, Instant due) {
        jdbc.sql("""
                insert into work (queue, key, due_at) values (:queue, :key, :due)
                on conflict (queue, key) do update
                set due_at = least(work.due_at, excluded.due_at), version = work.version + 1""")
                .param("queue", name)
                .param("key", key.toString())
                .param("due", Timestamp.from(due))
                .update();
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    hasten(due);
                }
            });
        } else {
            hasten(due);
        }
    }

    /** The claimer sees by itself what is due after its next look: that look tells it when the next one must be. */
    private void hasten(Instant due) {
        if (due.isBefore(nextLook)) {
            woken.release();
        }
    }

    /** How many keys this process works on now. */
    public int active() {
        return inHand.size();
    }

    /** How many keys are due and in nobody's hand, by the database; NaN where that does not answer. */
    public double waiting() {
        try {
            return jdbc.sql("select count(*) from work where queue = :queue and due_at <= :now and lease_owner is null")
                    .param("queue", name)
                    .param("now", Timestamp.from(clock.instant()))
                    .query(Double.class)
                    .single();
        } catch (DataAccessException e) {
            log.debug("Queue {} does not know what waits", name, e);
            return Double.NaN;
        }
    }

    @Override
    public void start() {
        running = true;
        workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
        claimer = Thread.ofVirtual().name(name + "-claim").start(this::claimLoop);
        heart = Thread.ofVirtual().name(name + "-lease").start(this::heartbeatLoop);
    }

    @Override
    public void stop() {
        running = false;
        stopThread(claimer);
        ExecutorService executor = workers;
        if (executor != null) {
            executor.shutdown();
            try {
                if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                    executor.shutdownNow();
                    executor.awaitTermination(5, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        stopThread(heart);
    }

    private static void stopThread(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void claimLoop() {
        while (running) {
            try {
                slots.acquire();
                int free = 1 + slots.drainPermits();
                int claimed = 0;
                nextLook = Instant.MAX;
                try {
                    claimed = claim(free);
                } catch (RuntimeException e) {
                    if (running) {
                        log.warn("Queue {} cannot claim work, trying again", name, e);
                    }
                } finally {
                    slots.release(free - claimed);
                }
                if (claimed < free) {
                    Duration wait = untilNextDue();
                    nextLook = clock.instant().plus(wait);
                    if (woken.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                        woken.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Duration untilNextDue() {
        try {
            Instant now = clock.instant();
            return jdbc.sql("select min(due_at) from work where queue = :queue and lease_owner is null")
                    .param("queue", name)
                    .query(Timestamp.class)
                    .optional()
                    .map(due -> Duration.between(now, due.toInstant()))
                    .filter(wait -> wait.compareTo(POLL) < 0)
                    .map(wait -> wait.isNegative() ? Duration.ofMillis(1) : wait.plusMillis(1))
                    .orElse(POLL);
        } catch (DataAccessException e) {
            log.debug("Queue {} does not know when its next item is due", name, e);
            return POLL;
        }
    }

    private int claim(int limit) {
        Instant now = clock.instant();
        List<Claim> claims = jdbc.sql("""
                with due as (
                    select queue, key, lease_owner from work
                    where queue = :queue and due_at <= :now and (lease_until is null or lease_until < :now)
                    order by due_at limit :limit for update skip locked)
                update work set lease_owner = :owner, lease_until = :until
                from due where work.queue = due.queue and work.key = due.key
                returning work.key, work.version, work.attempts, due.lease_owner is not null as recovered""")
                .param("queue", name)
                .param("now", Timestamp.from(now))
                .param("limit", limit)
                .param("owner", owner)
                .param("until", Timestamp.from(now.plus(LEASE)))
                .query((rs, i) -> new Claim(
                        new Work(rs.getString("key"), rs.getInt("attempts"), rs.getBoolean("recovered")),
                        rs.getLong("version")))
                .list();
        ExecutorService executor = workers;
        for (Claim claim : claims) {
            inHand.add(claim.work().key());
            if (executor != null) {
                executor.execute(() -> work(claim));
            }
        }
        return claims.size();
    }

    private void work(Claim claim) {
        Work work = claim.work();
        try (MDC.MDCCloseable ignored = MDC.putCloseable("work", name + "/" + work.key())) {
            Next next = Origins.supply(Origins.current(), () -> handler.apply(work));
            settle(claim, next);
        } catch (RuntimeException e) {
            if (running) {
                log.warn("Work on {}/{} failed at attempt {}", name, work.key(), work.attempts() + 1, e);
                retry(claim);
            }
        } finally {
            inHand.remove(work.key());
            slots.release();
            woken.release();
        }
    }

    /** A key that was woken while it was worked on has another version by now and stays due. */
    private void settle(Claim claim, Next next) {
        if (next instanceof Next.Done) {
            int deleted = jdbc.sql("delete from work where queue = :queue and key = :key and version = :version")
                    .param("queue", name)
                    .param("key", claim.work().key())
                    .param("version", claim.version())
                    .update();
            if (deleted == 0) {
                release(claim, clock.instant(), 0);
            }
        } else if (next instanceof Next.After after) {
            release(claim, clock.instant().plus(after.delay()), 0);
        }
    }

    private void retry(Claim claim) {
        int attempts = claim.work().attempts() + 1;
        Duration pause = Duration.ofMillis(200L << Math.min(attempts, 12));
        try {
            release(claim, clock.instant().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause), attempts);
        } catch (RuntimeException e) {
            log.warn(
                    "Work on {}/{} stays leased until its lease runs out",
                    name,
                    claim.work().key(),
                    e);
        }
    }

    private void release(Claim claim, Instant due, int attempts) {
        jdbc.sql("""
                update work set lease_owner = null, lease_until = null, attempts = :attempts,
                    due_at = case when version = :version then :due else least(due_at, :due) end
                where queue = :queue and key = :key and lease_owner = :owner""")
                .param("attempts", attempts)
                .param("version", claim.version())
                .param("due", Timestamp.from(due))
                .param("queue", name)
                .param("key", claim.work().key())
                .param("owner", owner)
                .update();
    }

    private void heartbeatLoop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LEASE.dividedBy(3));
                if (!inHand.isEmpty()) {
                    jdbc.sql("""
                            update work set lease_until = :until
                            where queue = :queue and lease_owner = :owner and key in (:keys)""")
                            .param("until", Timestamp.from(clock.instant().plus(LEASE)))
                            .param("queue", name)
                            .param("owner", owner)
                            .param("keys", List.copyOf(inHand))
                            .update();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (running) {
                    log.warn("Queue {} cannot renew its leases, trying again", name, e);
                }
            }
        }
    }

    private record Claim(Work work, long version) {}
}

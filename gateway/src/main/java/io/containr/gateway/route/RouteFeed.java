package io.containr.gateway.route;

import io.containr.contracts.Topics;
import io.containr.contracts.route.Route;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.PoisonMessageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads the compacted topic of routes from its beginning at every start, without a group, in a thread of its own, so
 * that neither start nor stop waits for Kafka. Until the end is reached the routes from disk stay in force; then the
 * table becomes what the topic says, and each later record is in force when it was read. A record that cannot be
 * understood is passed over: the host keeps its last good route.
 */
final class RouteFeed implements SmartLifecycle, RouteSource {

    private static final Logger log = LoggerFactory.getLogger(RouteFeed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final MessageCodec codec;
    private final RouteTable table;
    private final RouteKeeper keeper;
    private final RouteReports reports;
    private final Duration aliveEvery;
    private final Duration delay;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private volatile @Nullable Thread thread;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean following;
    private boolean silent;
    private Map<TopicPartition, Long> lastEnd = Map.of();

    RouteFeed(
            Supplier<Consumer<String, byte[]>> consumers,
            MessageCodec codec,
            RouteTable table,
            RouteKeeper keeper,
            RouteReports reports,
            Duration aliveEvery,
            Duration delay) {
        this.consumers = consumers;
        this.codec = codec;
        this.table = table;
        this.keeper = keeper;
        this.reports = reports;
        this.aliveEvery = aliveEvery;
        this.delay = delay;
    }

    @Override
    public int hosts() {
        return table.size();
    }

    @Override
    public boolean isCurrent() {
        return following;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("route-feed").start(this::run);
    }

    @Override
    public void stop() {
        stopped.countDown();
        Consumer<String, byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        Thread reader = thread;
        thread = null;
        if (reader != null) {
            try {
                reader.join(ANSWER);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Stops before {@link RouteReports}, which then says that this gateway is gone. */
    @Override
    public int getPhase() {
        return RouteReports.PHASE + 1;
    }

    private boolean isOpen() {
        return stopped.getCount() > 0;
    }

    private void run() {
        while (isOpen()) {
            try (Consumer<String, byte[]> fresh = consumers.get()) {
                consumer = fresh;
                read(fresh);
            } catch (WakeupException | InterruptException e) {
                if (isOpen()) {
                    log.warn("Reading of routes was interrupted; it starts anew", e);
                }
            } catch (TimeoutException e) {
                if (!silent) {
                    log.warn("Kafka does not answer; the known routes stay in force");
                }
                silent = true;
            } catch (RuntimeException e) {
                log.warn("Reading of routes failed; it starts anew, the known routes stay in force", e);
            } finally {
                following = false;
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    private void read(Consumer<String, byte[]> from) {
        List<PartitionInfo> partitions = from.partitionsFor(Topics.ROUTES, ANSWER);
        if (partitions == null || partitions.isEmpty()) {
            return;
        }
        Set<TopicPartition> assigned = Set.copyOf(partitions.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        from.assign(assigned);
        from.seekToBeginning(assigned);
        if (replay(from, assigned)) {
            follow(from, assigned);
        }
    }

    private boolean replay(Consumer<String, byte[]> from, Set<TopicPartition> assigned) {
        Map<TopicPartition, Long> end = from.endOffsets(assigned, ANSWER);
        lastEnd = end;
        RouteReplay replay = new RouteReplay();
        while (isOpen()) {
            if (hasReached(from, end)) {
                takeOver(replay);
                return true;
            }
            for (ConsumerRecord<String, byte[]> entry : from.poll(POLL)) {
                apply(entry, replay::put, replay::remove);
            }
        }
        return false;
    }

    private void takeOver(RouteReplay replay) {
        if (replay.isEmpty() && table.size() > 0) {
            log.warn("The topic of routes is empty; the {} routes from disk stay in force", table.size());
        } else {
            Set<String> gone = table.replaceAll(replay.routes());
            log.info("{} routes in force, {} gone", table.size(), gone.size());
            silent = false;
        }
        keeper.changed();
        reports.servedAll();
    }

    private void follow(Consumer<String, byte[]> from, Set<TopicPartition> assigned) {
        long nextLook = System.nanoTime();
        Deque<HeldBack> heldBack = new ArrayDeque<>();
        while (isOpen()) {
            if (System.nanoTime() - nextLook >= 0) {
                look(from, assigned);
                nextLook = System.nanoTime() + aliveEvery.toNanos();
            }
            for (ConsumerRecord<String, byte[]> entry : from.poll(shorter(POLL, aliveEvery))) {
                heldBack.add(new HeldBack(entry, System.nanoTime() + delay.toNanos()));
            }
            while (!heldBack.isEmpty()
                    && System.nanoTime() - heldBack.getFirst().due() >= 0) {
                apply(heldBack.removeFirst().entry(), this::serve, this::withdraw);
            }
        }
    }

    /** Alive means: Kafka answers, and what was in the topic at the last look has been read by now. */
    private void look(Consumer<String, byte[]> from, Set<TopicPartition> assigned) {
        boolean before = following;
        try {
            following = hasReached(from, lastEnd);
            lastEnd = from.endOffsets(assigned, ANSWER);
        } catch (TimeoutException e) {
            following = false;
        }
        if (following && !before) {
            reports.servedAll();
        }
        if (following) {
            reports.alive();
        } else if (before) {
            log.warn("Routes cannot be read for now; the known ones stay in force");
        }
    }

    private static boolean hasReached(Consumer<String, byte[]> from, Map<TopicPartition, Long> end) {
        return end.entrySet().stream()
                .allMatch(partition -> from.position(partition.getKey(), ANSWER) >= partition.getValue());
    }

    private void serve(Route route) {
        if (table.put(route)) {
            reports.served(route);
            keeper.changed();
            log.info("{} generation {} leads to {}", route.host(), route.generation(), route.targets());
        } else {
            log.info("{} generation {} is older than the one in force", route.host(), route.generation());
        }
    }

    private void withdraw(String host) {
        table.remove(host);
        reports.withdrawn(host);
        keeper.changed();
        log.info("{} leads nowhere any more", host);
    }

    private void apply(
            ConsumerRecord<String, byte[]> entry,
            java.util.function.Consumer<Route> put,
            java.util.function.Consumer<String> remove) {
        try {
            if (entry.value() == null) {
                remove.accept(entry.key());
            } else {
                codec.decode(entry)
                        .filter(received -> received.meta().type().payload() == Route.class)
                        .map(received -> codec.read(received.data(), Route.class))
                        .ifPresent(put);
            }
        } catch (PoisonMessageException e) {
            log.error(
                    "Route of {} at offset {} cannot be understood; its last one stays",
                    entry.key(),
                    entry.offset(),
                    e);
        }
    }

    /** A record that was read, and the nanosecond at which it counts; at once unless routes are delayed on purpose. */
    private record HeldBack(ConsumerRecord<String, byte[]> entry, long due) {}

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

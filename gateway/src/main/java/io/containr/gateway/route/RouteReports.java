package io.containr.gateway.route;

import io.containr.contracts.route.Route;
import io.containr.contracts.route.RouteEvent;
import io.containr.contracts.route.RouteEvent.GatewayAlive;
import io.containr.contracts.route.RouteEvent.GatewayStopped;
import io.containr.contracts.route.RouteEvent.RouteServed;
import io.containr.runtime.messaging.DirectPublisher;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Tells which routes this gateway serves. Whoever reports never waits: a thread of its own sends, the latest per host
 * only, and keeps trying while Kafka is away; after an interruption it repeats what is in force for every host.
 */
final class RouteReports implements SmartLifecycle {

    static final int PHASE = 0;

    private static final Logger log = LoggerFactory.getLogger(RouteReports.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final DirectPublisher publisher;
    private final RouteTable table;
    private final GatewayId gateway;
    private final Clock clock;

    private final Object lock = new Object();
    private final Map<String, RouteServed> pending = new LinkedHashMap<>();
    private @Nullable GatewayAlive sign;
    private boolean open;
    private @Nullable Thread thread;

    RouteReports(DirectPublisher publisher, RouteTable table, GatewayId gateway, Clock clock) {
        this.publisher = publisher;
        this.table = table;
        this.gateway = gateway;
        this.clock = clock;
    }

    /** That generation is in force from now on. */
    void served(Route route) {
        synchronized (lock) {
            pending.put(route.host(), report(route));
            lock.notifyAll();
        }
    }

    /** The same again for every host. */
    void servedAll() {
        synchronized (lock) {
            table.all().forEach(route -> pending.put(route.host(), report(route)));
            lock.notifyAll();
        }
    }

    void withdrawn(String host) {
        synchronized (lock) {
            pending.remove(host);
        }
    }

    void alive() {
        synchronized (lock) {
            sign = new GatewayAlive(gateway.value(), clock.instant());
            lock.notifyAll();
        }
    }

    private RouteServed report(Route route) {
        return new RouteServed(gateway.value(), route.host(), route.generation(), clock.instant());
    }

    @Override
    public void start() {
        synchronized (lock) {
            open = true;
            thread = Thread.ofPlatform().daemon().name("route-reports").start(this::run);
        }
    }

    @Override
    public void stop() {
        Thread sender;
        synchronized (lock) {
            open = false;
            sender = thread;
            thread = null;
            lock.notifyAll();
        }
        if (sender == null) {
            return;
        }
        try {
            if (!sender.join(FAREWELL)) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (lock) {
            return thread != null;
        }
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void run() {
        boolean interrupted = false;
        try {
            while (awaitWork()) {
                Batch batch = take();
                boolean arrived = send(batch);
                log.debug("Kafka took {}: {}", batch, arrived);
                if (arrived && interrupted) {
                    log.info("Kafka takes reports again");
                    servedAll();
                }
                if (!arrived) {
                    if (!interrupted) {
                        log.warn("Kafka takes no reports for now; they are kept");
                    }
                    rest();
                }
                interrupted = !arrived;
            }
            publish(new GatewayStopped(gateway.value(), clock.instant()))
                    .get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.info("Kafka did not take the farewell of this gateway: {}", e.toString());
        }
    }

    private boolean awaitWork() throws InterruptedException {
        synchronized (lock) {
            while (open && pending.isEmpty() && sign == null) {
                lock.wait();
            }
            return open;
        }
    }

    private void rest() throws InterruptedException {
        synchronized (lock) {
            if (open) {
                lock.wait(RETRY.toMillis());
            }
        }
    }

    private Batch take() {
        synchronized (lock) {
            Batch batch = new Batch(Map.copyOf(pending), sign);
            pending.clear();
            sign = null;
            return batch;
        }
    }

    /** Reports that did not arrive wait for the next turn, unless there is a newer one by then. */
    private boolean send(Batch batch) throws InterruptedException {
        Map<RouteServed, CompletableFuture<Void>> sent = new LinkedHashMap<>();
        batch.served().values().forEach(report -> sent.put(report, publish(report)));
        CompletableFuture<Void> signSent =
                batch.sign() == null ? CompletableFuture.completedFuture(null) : publish(batch.sign());
        boolean arrived = true;
        for (Map.Entry<RouteServed, CompletableFuture<Void>> entry : sent.entrySet()) {
            if (!hasArrived(entry.getValue())) {
                arrived = false;
                synchronized (lock) {
                    pending.putIfAbsent(entry.getKey().host(), entry.getKey());
                }
            }
        }
        return hasArrived(signSent) && arrived;
    }

    private static boolean hasArrived(CompletableFuture<Void> sent) throws InterruptedException {
        try {
            sent.get();
            return true;
        } catch (ExecutionException e) {
            log.debug("Kafka did not take a report", e);
            return false;
        }
    }

    private CompletableFuture<Void> publish(RouteEvent event) {
        try {
            return publisher.publish(event, gateway.value());
        } catch (KafkaException | CompletionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Batch(
            Map<String, RouteServed> served, @Nullable GatewayAlive sign) {}
}

package io.containr.runtime.work;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes the queues of a service; each must be a bean, so that it starts and stops with the application. */
public final class WorkQueues {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final MeterRegistry metrics;

    WorkQueues(JdbcClient jdbc, Clock clock, MeterRegistry metrics) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** See {@link WorkQueue}. */
    public WorkQueue create(String name, int concurrency, Function<Work, Next> handler) {
        WorkQueue queue = new WorkQueue(name, concurrency, work -> counted(name, handler, work), jdbc, clock);
        Gauge.builder("containr.work.active", queue, WorkQueue::active)
                .tag("queue", name)
                .register(metrics);
        Gauge.builder("containr.work.waiting", queue, WorkQueue::waiting)
                .tag("queue", name)
                .register(metrics);
        return queue;
    }

    private Next counted(String name, Function<Work, Next> handler, Work work) {
        try {
            return handler.apply(work);
        } catch (RuntimeException e) {
            metrics.counter(
                            "containr.work.errors",
                            "queue",
                            name,
                            "error",
                            e.getClass().getSimpleName())
                    .increment();
            throw e;
        }
    }
}

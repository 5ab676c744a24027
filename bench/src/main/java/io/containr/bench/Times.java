package io.containr.bench;

import java.util.concurrent.Callable;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Durations of one kind, and what is usually asked of them, in milliseconds. */
final class Times {

    private final Histogram nanos = new ConcurrentHistogram(3);

    <T> T measure(Callable<T> work) throws Exception {
        long start = System.nanoTime();
        T result = work.call();
        add(System.nanoTime() - start);
        return result;
    }

    void add(long nanoseconds) {
        nanos.recordValue(Math.max(0, nanoseconds));
    }

    void addMillis(double milliseconds) {
        add((long) (milliseconds * 1e6));
    }

    long count() {
        return nanos.getTotalCount();
    }

    double median() {
        return percentile(50);
    }

    double p95() {
        return percentile(95);
    }

    double p99() {
        return percentile(99);
    }

    double max() {
        return nanos.getMaxValue() / 1e6;
    }

    private double percentile(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }
}

package io.containr.standalone.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks for one page so many times a second, and remembers every answer that was not a 200. */
public final class SteadyLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = new Browser().client();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final long begun = System.nanoTime();
    private final HttpRequest request;
    private volatile String lastBody = "";

    private SteadyLoad(String url) {
        this.request = Browser.request(url).build();
    }

    public static SteadyLoad start(String url, int perSecond) {
        SteadyLoad load = new SteadyLoad(url);
        load.clock.scheduleAtFixedRate(
                () -> load.requests.execute(load::ask), 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
        return load;
    }

    private void ask() {
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                lastBody = answer.body();
            } else {
                fail(answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            fail(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        answered.incrementAndGet();
    }

    private void fail(String how) {
        failures.add("after %.1f s: %s".formatted((System.nanoTime() - begun) / 1e9, how));
    }

    /** Waits for so many more answers. */
    public void awaitMore(int count) throws InterruptedException {
        int target = answered.get() + count;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (answered.get() < target) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + answered.get() + " answers");
            }
            Thread.sleep(20);
        }
    }

    /** How many answers there were so far. */
    public int answered() {
        return answered.get();
    }

    /** What every answer was that was none, or no 200, and when. */
    public List<String> failures() {
        return failures;
    }

    /** The latest page. */
    public String lastBody() {
        return lastBody;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        requests.shutdown();
    }
}

package io.containr.bench;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How soon a line of an application reaches a follower, and how soon the audit log shows a change. */
final class LatencyScenario implements Scenario {

    private static final int LINES = 300;
    private static final int CHANGES = 200;

    private final Browser browser = new Browser();

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "Log lines and audit entries";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        ApiClient api = world.user();
        Times lines = lines(world, api);
        Times entries = entries(api);
        report.table("Milliseconds until they are seen", "what", "n", "p50", "p99", "longest")
                .row(
                        "line, from the request that makes the application write it to an SSE client",
                        lines.count(),
                        lines.median(),
                        lines.p99(),
                        lines.max())
                .row(
                        "audit entry, from the answer to the change until it can be read",
                        entries.count(),
                        entries.median(),
                        entries.p99(),
                        entries.max());
        report.atMost("log line at an SSE client, p99", lines.p99(), 300, "ms");
        report.atMost("audit entry readable, p99", entries.p99(), 250, "ms");
    }

    private Times lines(World world, ApiClient api) throws Exception {
        Times times = new Times();
        try (SampleRepository repository = world.repository(Map.of())) {
            String service = world.service(api, repository);
            String url =
                    world.deployed(api, world.deploy(api, service)).path("url").asString();
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            HttpRequest follow = HttpRequest.newBuilder(URI.create(world.installation()
                                    .gateway() + "/api/v1/services/" + service + "/logs?follow=true&tail=1"))
                    .header("Authorization", "Bearer " + api.token())
                    .build();
            Thread follower = Thread.ofVirtual().start(() -> {
                try (Stream<String> events = browser.client()
                        .send(follow, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
                    events.filter(line -> line.startsWith("data:")).forEach(seen::add);
                } catch (IOException | UncheckedIOException | InterruptedException e) {
                    seen.add("ended: " + e);
                }
            });
            if (seen.poll(10, TimeUnit.SECONDS) == null) {
                throw new IllegalStateException("the log shows nothing");
            }
            Random pauses = new Random(1);
            for (int i = 0; i < LINES; i++) {
                String marker = "/marker-" + i + "-";
                long start = System.nanoTime();
                browser.get(url + marker);
                String line;
                do {
                    line = seen.poll(10, TimeUnit.SECONDS);
                    if (line == null || line.startsWith("ended")) {
                        throw new IllegalStateException("no line with " + marker + ": " + line);
                    }
                } while (!line.contains(marker));
                times.add(System.nanoTime() - start);
                pause(pauses);
            }
            follower.interrupt();
        }
        return times;
    }

    /** The next one comes at any moment: none is to be in step with what the platform does at intervals. */
    private static void pause(Random pauses) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(pauses.nextInt(60)));
    }

    private static Times entries(ApiClient api) throws Exception {
        String project =
                api.post("/projects", Map.of("name", "audited")).path("id").asString();
        Times times = new Times();
        Random pauses = new Random(1);
        for (int i = 0; i < CHANGES; i++) {
            int before = updates(api, project);
            api.send("PUT", "/projects/" + project, Map.of("name", "audited-" + i))
                    .expect(200);
            long start = System.nanoTime();
            World.within(Duration.ofSeconds(10), Duration.ofMillis(2)).until(() -> updates(api, project) != before);
            times.add(System.nanoTime() - start);
            pause(pauses);
        }
        return times;
    }

    /** The latest entry's id changes with each. */
    private static int updates(ApiClient api, String project) throws Exception {
        return api.get("/audit-logs/project/" + project + "?limit=1")
                .path("audit_logs")
                .path(0)
                .path("id")
                .asString("")
                .hashCode();
    }
}

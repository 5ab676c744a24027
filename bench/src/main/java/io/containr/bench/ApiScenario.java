package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads of the API, through the gateway and at the service itself, and logins. */
final class ApiScenario implements Scenario {

    private static final int PROJECTS = 20;
    private static final int SECONDS = 5;
    private static final int LONGEST_WARM_UP = 12;
    private static final double NO_FASTER = 1.05;

    @Override
    public String name() {
        return "api";
    }

    @Override
    public String title() {
        return "Requests to the API";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        ApiClient api = new ApiClient(world.installation().gateway());
        api.loginOrRegister("reader@example.com", "correct-horse-battery", "Reader");
        String project = "";
        for (int i = 0; i < PROJECTS; i++) {
            project = api.post("/projects", Map.of("name", "project-" + i))
                    .path("id")
                    .asString();
        }
        Table table = report.table(
                "`wrk` on the same cores", "request", "where", "connections", "requests/s", "p50 ms", "p99 ms");
        Map<String, String> requests = Map.of(
                "list of %d projects".formatted(PROJECTS),
                "/api/v1/projects",
                "GET by id",
                "/api/v1/projects/" + project);
        int warmUp = 0;
        for (String path : requests.values()) {
            warmUp += warmUp(world.installation().uri("gateway") + path, api.token());
        }
        report.table("Before that", "what", "seconds").row("the same requests, until they became no faster", warmUp);
        for (Map.Entry<String, String> request : requests.entrySet()) {
            for (String where : new String[] {"gateway", "project-service"}) {
                for (int connections : new int[] {1, 32}) {
                    Wrk.Result result = Wrk.run(
                            world.installation().uri(where) + request.getValue(), api.token(), connections, SECONDS);
                    table.row(request.getKey(), where, connections, result.perSecond(), result.p50(), result.p99());
                    if (where.equals("gateway") && connections == 32) {
                        String what = request.getKey() + " through the gateway, 32 connections";
                        report.atLeast(what, result.perSecond(), 1500, "requests/s");
                        report.atMost(what + ", p99", result.p99(), 60, "ms");
                    }
                }
            }
        }
        for (int parallel : new int[] {1, 8}) {
            Times times = new Times();
            double perSecond = logins(world, parallel, times);
            table.row("login", "gateway", parallel, perSecond, times.median(), times.p99());
        }
    }

    /** A control plane runs for months: what counts is code that the JVM has compiled. Returns how many seconds it took. */
    private static int warmUp(String uri, String token) throws Exception {
        double before = 0;
        for (int i = 1; i <= LONGEST_WARM_UP; i++) {
            double now = Wrk.run(uri, token, 32, SECONDS).perSecond();
            if (i > 2 && now < before * NO_FASTER) {
                return i * SECONDS;
            }
            before = Math.max(before, now);
        }
        return LONGEST_WARM_UP * SECONDS;
    }

    private static double logins(World world, int parallel, Times times) throws Exception {
        List<String> emails = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            String email = "login-" + i + "@example.com";
            new ApiClient(world.installation().gateway()).loginOrRegister(email, "correct-horse-battery", "Login");
            emails.add(email);
        }
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(SECONDS);
        try (ExecutorService clients = Executors.newFixedThreadPool(parallel)) {
            for (String email : emails) {
                clients.submit(() -> {
                    ApiClient api = new ApiClient(world.installation().gateway());
                    while (System.nanoTime() < end) {
                        times.measure(() -> {
                            api.loginOrRegister(email, "correct-horse-battery", "Login");
                            return null;
                        });
                        done.incrementAndGet();
                    }
                    return null;
                });
            }
        }
        if (done.get() == 0) {
            throw new IllegalStateException("nobody could log in");
        }
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }
}

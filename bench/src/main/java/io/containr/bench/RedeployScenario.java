package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.SampleRepository;
import io.containr.standalone.demo.SteadyLoad;
import java.util.LinkedHashMap;
import java.util.Map;

/** A redeployment under a constant load, by applications with different habits, and with routes that arrive late. */
final class RedeployScenario implements Scenario {

    private static final int PER_SECOND = 50;
    private static final int REQUESTS = 1000;

    private static final String AT_ONCE = "#!/bin/sh\nexec busybox httpd -f -p \"$PORT\" -h /app/www\n";
    private static final String AFTER_3_S = "#!/bin/sh\nsleep 3\nexec busybox httpd -f -p \"$PORT\" -h /app/www\n";
    private static final String SLOW_END = """
            #!/bin/sh
            busybox httpd -f -p "$PORT" -h /app/www &
            server=$!
            trap 'sleep 5; kill $server; exit 0' TERM
            while kill -0 $server; do wait $server; done
            """;

    @Override
    public String name() {
        return "redeploy";
    }

    @Override
    public String title() {
        return "Redeployment under load";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        Table table = report.table(
                "One redeployment under %d requests/s".formatted(PER_SECOND),
                "application",
                "requests",
                "failed",
                "deployed after s",
                "first failure");
        Map<String, String> applications = new LinkedHashMap<>();
        applications.put("listens at once", AT_ONCE);
        applications.put("listens 3 s after its start", AFTER_3_S);
        applications.put("ends 5 s after SIGTERM", SLOW_END);
        for (Map.Entry<String, String> application : applications.entrySet()) {
            redeploy(world, report, table, application.getKey(), application.getValue(), "");
        }
        try {
            redeploy(
                    world,
                    report,
                    table,
                    "listens at once; routes arrive 30 s late",
                    AT_ONCE,
                    "containr.gateway.routes.delay: 30s\n");
        } finally {
            world.gateway("");
        }
    }

    private static void redeploy(
            World world, Report report, Table table, String what, String start, String gatewaySettings)
            throws Exception {
        ApiClient api = world.user();
        try (SampleRepository repository = world.repository(Map.of("start.sh", start))) {
            String service = world.service(api, repository);
            String url =
                    world.deployed(api, world.deploy(api, service)).path("url").asString();
            if (!gatewaySettings.isEmpty()) {
                world.gateway(gatewaySettings);
            }
            int guests = world.installation().guests().size();
            try (SteadyLoad load = SteadyLoad.start(url, PER_SECOND)) {
                load.awaitMore(PER_SECOND);
                repository.change(World.PAGE, "Version 2", "Version 2");
                long asked = System.nanoTime();
                world.deployed(api, world.deploy(api, service));
                double seconds = (System.nanoTime() - asked) / 1e9;
                // The old guest drains and ends under load, too.
                world.awaitGuests(guests);
                load.awaitMore(Math.max(PER_SECOND, REQUESTS - load.answered()));
                if (!load.lastBody().contains("Version 2")) {
                    throw new IllegalStateException("still the old version");
                }
                table.row(
                        what,
                        load.answered(),
                        load.failures().size(),
                        seconds,
                        load.failures().isEmpty() ? "" : load.failures().getFirst());
                report.atMost("lost requests, " + what, load.failures().size(), 0, "");
            }
        }
    }
}

package io.containr.bench;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.SampleRepository;
import io.containr.standalone.demo.SteadyLoad;
import java.util.Map;

/** The death of everything but the gateway, and its return, as visitors of an application notice them. */
final class KillScenario implements Scenario {

    private static final int PER_SECOND = 50;

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String title() {
        return "kill -9 of the control plane";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        ApiClient api = world.user();
        try (SampleRepository repository = world.repository(Map.of())) {
            String service = world.service(api, repository);
            String url =
                    world.deployed(api, world.deploy(api, service)).path("url").asString();
            try (SteadyLoad load = SteadyLoad.start(url, PER_SECOND)) {
                load.awaitMore(PER_SECOND);
                world.installation().killControlPlane();
                load.awaitMore(PER_SECOND * 2);
                long start = System.nanoTime();
                world.up();
                double seconds = (System.nanoTime() - start) / 1e9;
                load.awaitMore(PER_SECOND * 2);
                report.table(
                                "Everything but the gateway killed, then `up`, under %d requests/s"
                                        .formatted(PER_SECOND),
                                "requests",
                                "failed",
                                "`up` s")
                        .row(load.answered(), load.failures().size(), seconds);
                report.atMost(
                        "lost requests, control plane killed", load.failures().size(), 0, "");
            }
        }
    }
}

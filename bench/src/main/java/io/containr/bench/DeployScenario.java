package io.containr.bench;

import io.containr.bench.Report.Table;
import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.SampleRepository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * From the request to the first answer of the new version through the gateway: a Dockerfile's source, a prebuilt image and
 * a rollback, warm; beside them what the bare engine takes, and the same with a real node's delays.
 */
final class DeployScenario implements Scenario {

    private static final List<String> PHASES =
            List.of("clone", "build", "push", "prepare", "pull", "create", "start", "healthy", "route", "total");
    private static final int SLOW_REPETITIONS = 3;

    /** Seconds that the engine alone took on the machine which the targets were set for. */
    private static final double CLASSIC_THERE = 0.61;

    @Override
    public String name() {
        return "deploy";
    }

    @Override
    public String title() {
        return "Deployments";
    }

    @Override
    public void run(World world, Report report) throws Exception {
        Table yardsticks = report.table(
                "The engine alone: build, run, first 200 of the same source", "builder", "n", "median s", "p95 s");
        double engine = 0;
        try (SampleRepository repository = world.repository(Map.of())) {
            for (boolean buildKit : new boolean[] {false, true}) {
                Times times = Yardstick.measure(world, repository, buildKit);
                engine = buildKit ? engine : times.median();
                yardsticks.row(
                        buildKit ? "BuildKit" : "classic", times.count(), times.median() / 1e3, times.p95() / 1e3);
            }
        }
        Kinds quick = measure(world, world.repetitions());
        world.say("with a real node's delays");
        world.restart("--realistic-delays");
        Kinds slow;
        try {
            slow = measure(world, SLOW_REPETITIONS);
        } finally {
            world.restart();
        }
        Table table = report.table(
                "From the request to the first 200 of the new version through the gateway, warm",
                "what",
                "n",
                "median s",
                "p95 s",
                "median s with a real node's delays");
        row(table, "Dockerfile", quick.dockerfile(), slow.dockerfile());
        row(table, "prebuilt", quick.prebuilt(), slow.prebuilt());
        row(table, "rollback", quick.rollback(), slow.rollback());
        parts(report, "Where it goes, median ms", quick);
        parts(report, "Where it goes with a real node's delays, median ms", slow);
        report.atMost(
                "deployment of a Dockerfile source", quick.dockerfile().times.median() / 1e3, 2.5, "s");
        report.atMost("deployment of a prepared image", quick.prebuilt().times.median() / 1e3, 1.5, "s");
        report.atMost("rollback", quick.rollback().times.median() / 1e3, 1.5, "s");
        // The same against the machine's own speed: how often the engine alone could have done its part meanwhile.
        report.atMost(
                "deployment of a Dockerfile source, by the engine's own time",
                quick.dockerfile().times.median() / engine,
                2.5 / CLASSIC_THERE,
                "×");
        report.atMost(
                "deployment of a prepared image, by the engine's own time",
                quick.prebuilt().times.median() / engine,
                1.5 / CLASSIC_THERE,
                "×");
        report.atMost(
                "rollback, by the engine's own time",
                quick.rollback().times.median() / engine,
                1.5 / CLASSIC_THERE,
                "×");
    }

    private static Kinds measure(World world, int repetitions) throws Exception {
        ApiClient api = world.user();
        try (SampleRepository repository = world.repository(Map.of())) {
            String service = world.service(api, repository);
            world.deployed(api, world.deploy(api, service));
            List<String> deployments = new ArrayList<>();
            Kind built = new Kind();
            for (int i = 0; i < repetitions; i++) {
                String version = "Version of deployment " + i;
                repository.change(World.PAGE, version, version);
                deployments.add(built.deployment(world, api, () -> world.deploy(api, service), version));
            }
            Kind prebuilt = prebuilt(world, api, repository, repetitions);
            Kind back = new Kind();
            for (int i = 0; i < repetitions; i++) {
                int other = i % 2 == 0 ? 0 : 1;
                back.deployment(
                        world,
                        api,
                        () -> api.post("/deployments/" + deployments.get(other) + "/rollback", null)
                                .path("deployment")
                                .path("id")
                                .asString(),
                        "Version of deployment " + other);
            }
            return new Kinds(built, prebuilt, back);
        }
    }

    /** Two images that were both deployed before take turns. */
    private static Kind prebuilt(World world, ApiClient api, SampleRepository repository, int repetitions)
            throws Exception {
        String[] images = new String[2];
        for (int i = 0; i < 2; i++) {
            repository.change(World.PAGE, "Image " + i, "Image " + i);
            images[i] = world.push(repository, "image" + i);
        }
        String service = world.service(
                api,
                Map.of("type", "image", "image", images[0]),
                Map.of("builder_type", "image", "health_check_path", "/healthz"));
        Kind kind = new Kind();
        for (int i = 0; i < repetitions + 2; i++) {
            String image = images[i % 2];
            api.send("PUT", "/services/" + service, Map.of("source", Map.of("type", "image", "image", image)))
                    .expect(200);
            Kind counted = i < 2 ? new Kind() : kind;
            counted.deployment(world, api, () -> world.deploy(api, service), "Image " + i % 2);
        }
        return kind;
    }

    private static void row(Table table, String what, Kind quick, Kind slow) {
        Times times = quick.times;
        table.row(what, times.count(), times.median() / 1e3, times.p95() / 1e3, slow.times.median() / 1e3);
    }

    private static void parts(Report report, String title, Kinds kinds) {
        Set<String> parts = new LinkedHashSet<>(PHASES);
        kinds.all().forEach(kind -> parts.addAll(kind.parts.keySet()));
        Table table = report.table(title, "part", "Dockerfile", "prebuilt", "rollback");
        for (String part : parts) {
            table.row(
                    part,
                    kinds.dockerfile().part(part),
                    kinds.prebuilt().part(part),
                    kinds.rollback().part(part));
        }
    }

    private record Kinds(Kind dockerfile, Kind prebuilt, Kind rollback) {

        List<Kind> all() {
            return List.of(dockerfile, prebuilt, rollback);
        }
    }

    private static final class Kind {

        private final Times times = new Times();
        private final Map<String, Times> parts = new LinkedHashMap<>();

        String deployment(World world, ApiClient api, Request request, String expected) throws Exception {
            long start = System.nanoTime();
            String deployment = request.send();
            String url = world.url(api, deployment);
            world.awaitPage(url, expected);
            times.add(System.nanoTime() - start);
            JsonNode ended = world.deployed(api, deployment);
            ended.path("phases")
                    .properties()
                    .forEach(part -> parts.computeIfAbsent(part.getKey(), name -> new Times())
                            .addMillis(part.getValue().asLong()));
            return deployment;
        }

        Object part(String name) {
            Times found = parts.get(name);
            return found == null ? "" : Math.rint(found.median());
        }
    }

    @FunctionalInterface
    private interface Request {
        String send() throws Exception;
    }
}

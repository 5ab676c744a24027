package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import io.containr.standalone.demo.SteadyLoad;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Applications answer without a gap: through redeployments, and through the death of the whole control plane. */
class ContinuityE2E {

    private static RunningPlatform platform;

    @BeforeAll
    static void start() {
        platform = RunningPlatform.get();
    }

    /** What an application's start script does before it serves, and how it ends. */
    private enum Habit {
        LISTENS_AT_ONCE("exec busybox httpd -f -p \"$PORT\" -h /app/www\n"),
        LISTENS_LATE("sleep 3\nexec busybox httpd -f -p \"$PORT\" -h /app/www\n"),
        ENDS_SLOWLY("""
                busybox httpd -f -p "$PORT" -h /app/www &
                server=$!
                trap 'sleep 3; kill $server; exit 0' TERM
                while kill -0 $server; do wait $server; done
                """);

        private final String script;

        Habit(String script) {
            this.script = "#!/bin/sh\n" + script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void redeploymentLosesNoRequest(Habit habit) throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of("start.sh", habit.script));
        String service = platform.service(ada, "busy", repository, "/healthz");
        String url =
                platform.ended(ada, platform.deploy(ada, service)).path("url").asString();
        int guests = platform.guests().size();

        try (SteadyLoad load = SteadyLoad.start(url, 50)) {
            repository.change("www/index.html", "Version 2", "Say it is version 2");
            JsonNode second = platform.ended(ada, platform.deploy(ada, service));
            assertThat(second.path("status").asString()).as(second.toString()).isEqualTo("deployed");
            // The old guest drains and ends under load, too.
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(platform.guests()).hasSize(guests));
            load.awaitMore(100);

            assertThat(load.failures()).isEmpty();
            assertThat(load.lastBody()).contains("Version 2");
        }
    }

    @Test
    void replicasAreScaledMovedOffANodeAndReplacedWithoutALostRequest() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of());
        String service = platform.service(ada, "many", repository, "/healthz");
        JsonNode first = platform.ended(ada, platform.deploy(ada, service));
        String url = first.path("url").asString();
        int guests = platform.guests().size();

        try (SteadyLoad load = SteadyLoad.start(url, 50)) {
            // A gateway that was just started costs several times what it costs later.
            load.awaitMore(500);
            ada.send("PUT", "/services/" + service, Map.of("resources", Map.of("replicas", 3)))
                    .expect(200);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(platform.guests()).hasSize(guests + 2));
            assertThat(platform.proxmox("drain", "pve2", "--wait", "PT90S")).isZero();
            load.awaitMore(50);
            assertThat(platform.proxmox("undrain", "pve2")).isZero();

            repository.change("www/index.html", "Version 2", "Say it is version 2");
            JsonNode second = platform.ended(ada, platform.deploy(ada, service));
            assertThat(second.path("status").asString()).as(second.toString()).isEqualTo("deployed");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(platform.guests()).hasSize(guests + 2));
            load.awaitMore(100);
            assertThat(load.failures()).isEmpty();
            assertThat(load.lastBody()).contains("Version 2");
        }
    }

    /** Sends an event a second for longer than a minute. */
    private static final Map<String, String> SENDS_EVENTS = Map.of("Dockerfile", """
            ARG BASE
            FROM ${BASE}
            WORKDIR /app
            COPY . .
            RUN chmod 755 start.sh www/cgi-bin/events
            EXPOSE 8080
            CMD ["/app/start.sh"]
            """, "www/cgi-bin/events", """
            #!/bin/sh
            printf 'Content-Type: text/event-stream\\r\\n\\r\\n'
            for i in $(seq 1 65); do printf 'data: %s\\n\\n' "$i"; sleep 1; done
            """);

    /** Returns the times in seconds at which events came, once the stream has ended. */
    private static CompletableFuture<List<Long>> events(String url) {
        Browser browser = new Browser();
        return browser.client()
                .sendAsync(Browser.request(url + "/cgi-bin/events").build(), HttpResponse.BodyHandlers.ofLines())
                .thenApplyAsync(answer -> answer.body()
                        .filter(line -> line.startsWith("data:"))
                        .map(line -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()))
                        .toList());
    }

    /**
     * One deployment each that was just asked for, builds, waits for its application, and drains its old guest; and a stream of events
     * that goes on for longer than a minute.
     */
    @Test
    void controlPlaneKilledInEveryPhaseOfADeploymentFinishesThemAllAndApplicationsAnswerThroughout() throws Exception {
        ApiClient ada = platform.user("ada");
        String streaming = platform.deploy(
                ada, platform.service(ada, "streaming", platform.repository(SENDS_EVENTS), "/index.html"));
        SampleRepository draining =
                platform.repository(Map.of("start.sh", Habit.ENDS_SLOWLY.script.replace("sleep 3", "sleep 20")));
        String drainingService = platform.service(ada, "draining", draining, "/healthz");
        String url = platform.ended(ada, platform.deploy(ada, drainingService))
                .path("url")
                .asString();
        CompletableFuture<List<Long>> events =
                events(platform.ended(ada, streaming).path("url").asString());
        int guests = platform.guests().size();
        String building = platform.deploy(
                ada,
                platform.service(
                        ada,
                        "building",
                        platform.repository(
                                Map.of(
                                        "Dockerfile",
                                        "ARG BASE\nFROM ${BASE}\nWORKDIR /app\nRUN sleep 20\nCOPY . .\nRUN chmod 755 start.sh\nEXPOSE 8080\nCMD [\"/app/start.sh\"]\n")),
                        null));
        String starting = platform.deploy(
                ada,
                platform.service(
                        ada,
                        "starting",
                        git(platform.repository(
                                Map.of("start.sh", Habit.LISTENS_LATE.script.replace("sleep 3", "sleep 15")))),
                        Map.of("health_check_path", "/healthz", "health_check_timeout", 90)));
        String askedService = platform.service(ada, "asked", platform.repository(Map.of()), "/healthz");

        try (SteadyLoad load = SteadyLoad.start(url, 50)) {
            platform.await(ada, starting, Duration.ofSeconds(60), "deploying");
            String drained = platform.deploy(ada, drainingService);
            assertThat(platform.ended(ada, drained).path("status").asString()).isEqualTo("deployed");
            platform.await(ada, building, Duration.ofSeconds(60), "building");
            String asked = platform.deploy(ada, askedService);
            platform.killControlPlane();
            load.awaitMore(100);
            platform.up();

            ApiClient again = platform.user("ada");
            for (String deployment : List.of(building, starting, drained, asked)) {
                JsonNode ended = platform.ended(again, deployment);
                assertThat(ended.path("status").asString()).as(ended.toString()).isIn("deployed", "failed");
                if (ended.path("status").asString().equals("failed")) {
                    assertThat(ended.path("error").asString()).isNotBlank();
                } else if (!deployment.equals(drained)) {
                    guests++;
                }
            }
            int expected = guests;
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(platform.guests()).hasSize(expected));
            load.awaitMore(100);
            assertThat(load.failures()).isEmpty();
            for (String deployment : List.of(building, starting, drained, asked)) {
                await().untilAsserted(() -> assertThat(ends(again, deployment)).hasSize(1));
            }
            List<Long> times = events.get(90, TimeUnit.SECONDS);
            assertThat(times).hasSize(65);
            assertThat(times.getLast() - times.getFirst()).isGreaterThanOrEqualTo(60);
        }
    }

    private static Map<String, Object> git(SampleRepository repository) {
        return Map.of("type", "git", "repository", repository.url(), "branch", "main");
    }

    /** What the audit log says of a deployment's end. */
    private static List<String> ends(ApiClient api, String deployment) throws Exception {
        return api.get("/audit-logs?resource=deployment&limit=100")
                .path("audit_logs")
                .valueStream()
                .filter(entry -> entry.path("resource_id").asString().equals(deployment))
                .map(entry -> entry.path("action").asString())
                .filter(action -> action.equals("succeeded") || action.equals("failed"))
                .toList();
    }
}

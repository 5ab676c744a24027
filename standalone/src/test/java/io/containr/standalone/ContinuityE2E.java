package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.SampleRepository;
import io.containr.standalone.demo.SteadyLoad;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Applications answer without a gap: through redeployments, and through the death of the whole control plane. */
class ContinuityE2E {

    private static RunningPlatform platform;

    @BeforeAll
    static void start() {
        platform = RunningPlatform.get();
    }

    @Test
    void redeploymentLosesNoRequest() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of());
        String service = platform.service(ada, "busy", repository, "/healthz");
        String url =
                platform.ended(ada, platform.deploy(ada, service)).path("url").asString();

        try (SteadyLoad load = SteadyLoad.start(url, 50)) {
            repository.change("www/index.html", "Version 2", "Say it is version 2");
            JsonNode second = platform.ended(ada, platform.deploy(ada, service));
            assertThat(second.path("status").asString()).as(second.toString()).isEqualTo("deployed");
            load.awaitMore(200);

            assertThat(load.failures()).isEmpty();
            assertThat(load.lastBody()).contains("Version 2");
        }
    }

    @Test
    void applicationsAnswerWhileTheControlPlaneIsKilledAndComesBackAndADeploymentInFlightEnds() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of());
        String service = platform.service(ada, "surviving", repository, "/healthz");
        String url =
                platform.ended(ada, platform.deploy(ada, service)).path("url").asString();

        try (SteadyLoad load = SteadyLoad.start(url, 50)) {
            repository.change("www/index.html", "Version 2", "Say it is version 2");
            String inFlight = platform.deploy(ada, service);
            platform.await(ada, inFlight, Duration.ofSeconds(30), "building", "deploying");
            platform.killControlPlane();
            load.awaitMore(100);
            platform.up();

            JsonNode ended = platform.ended(platform.user("ada"), inFlight);
            load.awaitMore(100);
            assertThat(ended.path("status").asString()).isIn("deployed", "failed");
            assertThat(List.of("Version 1", "Version 2")).anyMatch(load.lastBody()::contains);
            assertThat(load.failures()).isEmpty();
        }
    }
}

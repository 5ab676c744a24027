package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What cannot be deployed says why, at the right place, and leaves nothing over. */
class FailuresE2E {

    /** How long an application is given to answer its health check. */
    private static final int HEALTH_SECONDS = 4;

    private static RunningPlatform platform;

    @BeforeAll
    static void start() {
        platform = RunningPlatform.get();
    }

    @Test
    void whatCannotBeDeployedSaysWhyAndLeavesNothing() throws Exception {
        ApiClient ada = platform.user("ada");
        int guests = platform.guests().size();
        SampleRepository repository = platform.repository(Map.of());
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put(
                "exits at once",
                application(ada, "exits", "#!/bin/sh\necho no such setting >&2\nexit 3\n", "no such setting"));
        cases.put(
                "never listens",
                application(
                        ada, "deaf", "#!/bin/sh\necho waiting for nothing\nexec sleep 600\n", "waiting for nothing"));
        cases.put(
                "missing repository",
                source(
                        ada,
                        "norepo",
                        Map.of("type", "git", "repository", repository.url() + "-missing", "branch", "main"),
                        "repository"));
        cases.put(
                "missing branch",
                source(
                        ada,
                        "nobranch",
                        Map.of("type", "git", "repository", repository.url(), "branch", "no-such-branch"),
                        "no-such-branch"));
        cases.put(
                "missing image",
                source(
                        ada,
                        "noimage",
                        Map.of("type", "image", "image", platform.usersRegistry() + "/none:1"),
                        "There is no image"));

        Map<String, String> urls = new LinkedHashMap<>();
        for (Map.Entry<String, Case> entry : cases.entrySet()) {
            Case one = entry.getValue();
            JsonNode ended = platform.ended(ada, one.deployment());
            assertThat(ended.path("status").asString()).as(entry.getKey()).isEqualTo("failed");
            assertThat(ended.path("error").asString()).as(entry.getKey()).contains(one.inError());
            urls.put(entry.getKey(), ended.path("url").asString());
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(platform.guests()).hasSize(guests));
        for (Map.Entry<String, Case> entry : cases.entrySet()) {
            UUID service = UUID.fromString(entry.getValue().service());
            await(entry.getKey()).atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(addresses(service)).isEqualTo("0");
                assertThat(unsettled(service)).isEqualTo("0");
                assertThat(platform.value(
                                "deploy-service",
                                "select count(*) from rollout where service_id = ? and current_release is not null",
                                service))
                        .isEqualTo("0");
            });
            assertThat(new Browser().get(urls.get(entry.getKey())).statusCode())
                    .as(entry.getKey())
                    .isIn(404, 503);
        }
    }

    @Test
    void prebuiltImageRunsAndGoesWithoutATrace() throws Exception {
        ApiClient ada = platform.user("ada");
        int templates = templates();
        String image = platform.image(platform.repository(Map.of()), "prebuilt");
        String service = platform.service(
                ada,
                "prebuilt",
                Map.of("type", "image", "image", image),
                Map.of("health_check_path", "/healthz", "health_check_timeout", 15));

        JsonNode deployed = platform.ended(ada, platform.deploy(ada, service));

        assertThat(deployed.path("status").asString()).as(deployed.toString()).isEqualTo("deployed");
        String url = deployed.path("url").asString();
        assertThat(new Browser().get(url).body()).contains("Version 1");
        assertThat(tags(service)).contains("\"tags\":[\"");

        ada.send("DELETE", "/services/" + service, null).expect(204);
        UUID id = UUID.fromString(service);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(new Browser().get(url).statusCode()).isEqualTo(404);
            assertThat(addresses(id)).isEqualTo("0");
            assertThat(unsettled(id)).isEqualTo("0");
            assertThat(templates()).isLessThanOrEqualTo(templates);
            assertThat(tags(service)).doesNotContain("\"tags\":[\"");
        });
        assertThat(ada.send("GET", "/services/" + service + "/deployments", null)
                        .status())
                .isEqualTo(404);
    }

    private record Case(String service, String deployment, String inError) {}

    private static Case application(ApiClient api, String name, String start, String inError) throws Exception {
        SampleRepository repository = platform.repository(Map.of("start.sh", start));
        return source(api, name, Map.of("type", "git", "repository", repository.url(), "branch", "main"), inError);
    }

    private static Case source(ApiClient api, String name, Map<String, Object> source, String inError)
            throws Exception {
        String service = platform.service(
                api, name, source, Map.of("health_check_path", "/healthz", "health_check_timeout", HEALTH_SECONDS));
        return new Case(service, platform.deploy(api, service), inError);
    }

    /** How many images lie on nodes. */
    private static int templates() throws Exception {
        return Integer.parseInt(platform.value("proxmox-agent", "select count(*) from template"));
    }

    /** What the registry has of a service. */
    private static String tags(String service) throws Exception {
        return new Browser()
                .get("http://" + platform.registry() + "/v2/s/" + service + "/tags/list")
                .body();
    }

    private static String addresses(UUID service) throws Exception {
        return platform.value(
                "proxmox-agent",
                "select count(*) from address join instance on instance.id = address.instance_id where service_id = ?",
                service);
    }

    /** Instances of the service that are there, or not yet wholly gone. */
    private static String unsettled(UUID service) throws Exception {
        return platform.value(
                "proxmox-agent", "select count(*) from instance where service_id = ? and phase <> 'REMOVED'", service);
    }
}

package io.containr.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.standalone.demo.ApiClient;
import io.containr.standalone.demo.Browser;
import io.containr.standalone.demo.SampleRepository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What Containr exists for, through every real part: gateway, services, Kafka, engine, registry, simulator, guests. */
class MainJobE2E {

    private static RunningPlatform platform;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        platform = RunningPlatform.get();
    }

    @Test
    void repositoryBecomesARunningRoutedApplicationAndGoesBackToItsFirstRelease() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of());
        String service = platform.service(ada, "first", repository, "/healthz");

        JsonNode first = platform.ended(ada, platform.deploy(ada, service));
        assertThat(first.path("status").asString()).as(first.toString()).isEqualTo("deployed");
        assertThat(first.path("build_log").asString()).contains("Step 9/9", "Successfully built");
        String url = first.path("url").asString();
        assertThat(page(url)).contains("Version 1");
        await().untilAsserted(() -> {
            JsonNode shown = ada.get("/services/" + service);
            assertThat(shown.path("status").asString()).isEqualTo("running");
            assertThat(shown.path("url").asString()).isEqualTo(url);
        });

        repository.change("www/index.html", "Version 2", "Say it is version 2");
        JsonNode second = platform.ended(ada, platform.deploy(ada, service));
        assertThat(second.path("status").asString()).as(second.toString()).isEqualTo("deployed");
        assertThat(page(url)).contains("Version 2");

        JsonNode rollback = ada.post("/deployments/" + first.path("id").asString() + "/rollback", null)
                .path("deployment");
        assertThat(platform.ended(ada, rollback.path("id").asString())
                        .path("status")
                        .asString())
                .isEqualTo("deployed");
        assertThat(page(url)).contains("Version 1");

        await().untilAsserted(() -> assertThat(messages(ada, service)).anyMatch(line -> line.contains("hello starts")));
        await().untilAsserted(() -> assertThat(actions(ada))
                .contains("project created", "service created", "deployment succeeded", "build succeeded"));
    }

    @Test
    void versionThatFailsItsHealthCheckLeavesTheOldOneServing() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(Map.of());
        String service = platform.service(ada, "unhealthy", repository, "/healthz");
        String url =
                platform.ended(ada, platform.deploy(ada, service)).path("url").asString();
        int guests = platform.guests().size();

        repository.change("start.sh", "#!/bin/sh\necho going down in flames\nexit 3\n", "Break it");
        JsonNode broken = platform.ended(ada, platform.deploy(ada, service));

        assertThat(broken.path("status").asString()).isEqualTo("failed");
        assertThat(broken.path("error").asString()).contains("going down in flames");
        assertThat(page(url)).contains("Version 1");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(platform.guests()).hasSize(guests));
    }

    @Test
    void buildThatFailsSaysWhyAndABuildThatIsCancelledStops() throws Exception {
        ApiClient ada = platform.user("ada");
        SampleRepository repository = platform.repository(
                Map.of("Dockerfile", "ARG BASE\nFROM ${BASE}\nRUN echo no compiler here && exit 7\n"));
        String service = platform.service(ada, "unbuildable", repository, null);

        JsonNode failed = platform.ended(ada, platform.deploy(ada, service));

        assertThat(failed.path("status").asString()).isEqualTo("failed");
        assertThat(failed.path("build_log").asString()).contains("no compiler here");
        assertThat(failed.path("error").asString()).isNotEmpty();

        repository.change("Dockerfile", "ARG BASE\nFROM ${BASE}\nRUN sleep 300\n", "Take for ever");
        String endless = platform.deploy(ada, service);
        platform.await(ada, endless, Duration.ofSeconds(30), "building");
        JsonNode build = await().atMost(Duration.ofSeconds(20))
                .until(() -> running(ada, service), node -> !node.isMissingNode());
        ada.send("POST", "/builds/" + build.path("id").asString() + "/cancel", null)
                .expect(200);

        assertThat(platform.ended(ada, endless).path("status").asString()).isIn("cancelled", "failed");
        assertThat(ada.send("POST", "/builds/" + build.path("id").asString() + "/cancel", null)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whatBelongsToOneTenantDoesNotExistForAnother() throws Exception {
        ApiClient ada = platform.user("ada");
        ApiClient mallory = platform.user("mallory");
        String service = platform.service(ada, "private", platform.repository(Map.of()), null);
        String deployment = platform.deploy(ada, service);
        platform.ended(ada, deployment);

        for (String path : List.of(
                "/services/" + service,
                "/services/" + service + "/deployments",
                "/services/" + service + "/logs",
                "/deployments/" + deployment,
                "/deployments/" + deployment + "/logs")) {
            assertThat(mallory.send("GET", path, null).status()).as(path).isEqualTo(404);
        }
        assertThat(mallory.send("POST", "/services/" + service + "/deployments", Map.of())
                        .status())
                .isEqualTo(404);
        assertThat(mallory.send("DELETE", "/services/" + service, null).status())
                .isEqualTo(404);
        assertThat(mallory.get("/projects").path("projects")).isEmpty();
        ApiClient nobody = new ApiClient(platform.gateway());
        assertThat(nobody.send("GET", "/projects", null).status()).isEqualTo(401);
    }

    @Test
    void linesOfTheApplicationReachAFollowerAndADeletedServiceLeavesNothing() throws Exception {
        ApiClient ada = platform.user("ada");
        String service = platform.service(ada, "followed", platform.repository(Map.of()), null);
        int guestsBefore = platform.guests().size();
        String url =
                platform.ended(ada, platform.deploy(ada, service)).path("url").asString();
        List<String> followed = new CopyOnWriteArrayList<>();
        HttpRequest follow = HttpRequest.newBuilder(
                        URI.create(platform.gateway() + "/api/v1/services/" + service + "/logs?follow=true&tail=1"))
                .header("Authorization", "Bearer " + ada.token())
                .build();
        Thread follower = Thread.ofVirtual().start(() -> {
            try (Stream<String> lines = browser.client()
                    .send(follow, HttpResponse.BodyHandlers.ofLines())
                    .body()) {
                lines.forEach(followed::add);
            } catch (IOException | InterruptedException e) {
                followed.add("ended: " + e);
            }
        });
        await().until(() -> !followed.isEmpty());

        get(url + "/some-marker-of-this-test");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> followed.stream()
                        .anyMatch(line -> line.startsWith("data:") && line.contains("some-marker-of-this-test")));
        follower.interrupt();

        ada.send("DELETE", "/services/" + service, null).expect(204);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(get(url).statusCode()).isEqualTo(404);
            assertThat(platform.guests()).hasSize(guestsBefore);
        });
        assertThat(ada.send("GET", "/services/" + service, null).status()).isEqualTo(404);
    }

    private static JsonNode running(ApiClient api, String service) throws IOException, InterruptedException {
        return api.get("/builds?status=running&service_id=" + service)
                .path("builds")
                .path(0);
    }

    private static List<String> messages(ApiClient api, String service) throws IOException, InterruptedException {
        return api.get("/services/" + service + "/logs?tail=50")
                .path("logs")
                .valueStream()
                .map(line -> line.path("message").asString())
                .toList();
    }

    private static List<String> actions(ApiClient api) throws IOException, InterruptedException {
        return api.get("/audit-logs?limit=100")
                .path("audit_logs")
                .valueStream()
                .map(entry -> entry.path("resource").asString() + " "
                        + entry.path("action").asString())
                .toList();
    }

    private String page(String url) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(url);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return browser.get(url);
    }
}

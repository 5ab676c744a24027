package io.containr.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.log.LogLines.Line;
import io.containr.contracts.project.ProjectEvent.ServiceDeleted;
import io.containr.contracts.project.ServiceSpec;
import io.containr.deploy.log.LogFollowers;
import io.containr.runtime.Ids;
import io.containr.testing.Api;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Logs as users read and follow them. */
class LogsIT extends DeployServiceTest {

    private final InstanceId instance = new InstanceId(Ids.next());

    @Autowired
    LogFollowers followers;

    @Test
    void theTailIsTheLastLinesInOrder() {
        ServiceSpec spec = deployedService();
        lines(spec, 1, 20);
        await().untilAsserted(() ->
                assertThat(tail(spec, "5")).containsExactly("line 16", "line 17", "line 18", "line 19", "line 20"));
        Api.Answer answer =
                api.get("/services/" + spec.service() + "/logs?tail=1").expect(200);
        assertThat(answer.text("/logs/0/stream")).isEqualTo("stdout");
        assertThat(answer.text("/logs/0/timestamp")).endsWith("Z");
        assertThat(answer.json().at("/logs/0").propertyNames())
                .containsExactlyInAnyOrder("timestamp", "message", "stream");
    }

    @Test
    void aServiceThatNeverWroteAnythingSaysSo() {
        ServiceSpec spec = deployedService();
        Api.Answer answer = api.get("/services/" + spec.service() + "/logs").expect(200);
        assertThat(answer.json().at("/logs")).isEmpty();
        assertThat(answer.text("/message")).isNotBlank();
    }

    @Test
    void aTailOutOfRangeIsRefused() {
        ServiceSpec spec = deployedService();
        for (String tail : List.of("0", "10001", "-1", "many")) {
            Api.Answer answer = api.get("/services/" + spec.service() + "/logs?tail=" + tail)
                    .expect(400);
            assertThat(answer.text("/details/fields/tail")).contains("1 to 10000");
            api.get("/services/" + spec.service() + "/logs?follow=true&tail=" + tail)
                    .expect(400);
        }
    }

    @Test
    void aLineThatComesTwiceIsStoredOnce() {
        ServiceSpec spec = deployedService();
        lines(spec, 1, 3);
        lines(spec, 2, 5);
        await().untilAsserted(() ->
                assertThat(tail(spec, "100")).containsExactly("line 1", "line 2", "line 3", "line 4", "line 5"));
    }

    @Test
    void followersGetTheTailAndThenEveryLineOnceInOrder() throws Exception {
        ServiceSpec spec = deployedService();
        lines(spec, 1, 10);
        await().until(() -> tail(spec, "100").size() == 10);
        try (EventReader events = follow(spec, "?follow=true&tail=3")) {
            for (long first = 11; first <= 500; first += 10) {
                lines(spec, first, first + 9);
            }
            assertThat(events.messages(493))
                    .containsExactlyElementsOf(LongStream.rangeClosed(8, 500)
                            .mapToObj(n -> "line " + n)
                            .toList());
        }
        await("the follower is let go").until(() -> {
            lines(spec, 501, 501);
            return followers.count() == 0;
        });
    }

    @Test
    void aFollowerThatComesBackGoesOnWhereItWas() throws Exception {
        ServiceSpec spec = deployedService();
        lines(spec, 1, 10);
        String last;
        try (EventReader events = follow(spec, "?follow=true&tail=10")) {
            events.messages(4);
            last = events.lastId();
        }
        lines(spec, 11, 12);
        try (EventReader events = follow(spec, "?follow=true&tail=1", "Last-Event-ID", last)) {
            assertThat(events.messages(8))
                    .containsExactlyElementsOf(IntStream.rangeClosed(5, 12)
                            .mapToObj(n -> "line " + n)
                            .toList());
        }
        api.get("/services/" + spec.service() + "/logs?follow=nonsense").expect(400);
    }

    @Test
    void aSilentStreamShowsThatItLivesAndEndsWithItsService() throws Exception {
        ServiceSpec spec = deployedService();
        try (EventReader events = follow(spec, "?follow=true")) {
            assertThat(events.nextComment()).isEqualTo("alive");
            messages.publish(new ServiceDeleted(spec.service(), spec.project(), owner), spec.project());
            assertThat(events.ended(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLineReachesItsFollowerQuickly() throws Exception {
        ServiceSpec spec = deployedService();
        List<Long> millis = new ArrayList<>();
        try (EventReader events = follow(spec, "?follow=true")) {
            for (int i = 1; i <= 100; i++) {
                long sent = System.nanoTime();
                lines(spec, i, i);
                events.messages(1);
                millis.add((System.nanoTime() - sent) / 1_000_000);
            }
        }
        millis.sort(null);
        assertThat(millis.get(50)).as("p50 in ms").isLessThan(300);
    }

    @Test
    void aDeploymentShowsItsBuildAndItsApplication() {
        ServiceSpec spec = created(service());
        DeploymentId id = deployed(spec.service());
        BuildId build = new BuildId(Ids.next());
        messages.publish(
                new LogLines(
                        spec.service(), spec.project(), id, build, null, List.of(line(1, "Step 1"), line(2, "Step 2"))),
                spec.service());
        messages.publish(
                new LogLines(spec.service(), spec.project(), id, null, instance, List.of(line(1, "listening"))),
                spec.service());
        String path = "/deployments/" + id + "/logs";
        await().untilAsserted(() -> assertThat(api.get(path).json().at("/logs")).hasSize(3));
        Api.Answer all = api.get(path).expect(200);
        assertThat(all.text("/build_log")).isEqualTo("Step 1\nStep 2\n");
        assertThat(all.text("/runtime_log")).isEqualTo("listening\n");
        assertThat(all.text("/logs/2/message")).isEqualTo("listening");
        assertThat(api.get(path + "?type=build").json().has("runtime_log")).isFalse();
        assertThat(api.get(path + "?type=runtime").json().at("/logs")).hasSize(1);
        api.get(path + "?type=other").expect(400);
        assertThat(deployment(id).text("/deployment/build_log")).isEqualTo("Step 1\nStep 2\n");
        assertThat(deployment(id).text("/deployment/runtime_log")).isEqualTo("listening\n");
        assertThat(tail(spec, "10")).containsExactly("listening");
    }

    @Test
    void linesAreKeptUpToTheLimitOfTheService() {
        ServiceSpec spec = deployedService();
        lines(spec, 1, 800);
        await().untilAsserted(() -> assertThat(tail(spec, "1000"))
                .hasSize(600)
                .contains("line 800", "line 201")
                .doesNotContain("line 200"));
    }

    @Test
    void linesOfAnUnknownServiceAreDropped() {
        ServiceSpec spec = deployedService();
        ServiceId unknown = new ServiceId(Ids.next());
        messages.publish(
                new LogLines(unknown, spec.project(), null, null, instance, List.of(line(1, "lost"))), spec.service());
        lines(spec, 2, 2);
        await().untilAsserted(() -> assertThat(tail(spec, "10")).containsExactly("line 2"));
        assertThat(jdbc.sql("select count(*) from log_line where service_id = :id")
                        .param("id", unknown.value())
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void anotherTenantReadsNothing() {
        ServiceSpec spec = deployedService();
        Api stranger = as(new UserId(Ids.next()));
        stranger.get("/services/" + spec.service() + "/logs").expect(404);
        stranger.get("/services/" + spec.service() + "/logs?follow=true").expect(404);
    }

    private ServiceSpec deployedService() {
        ServiceSpec spec = created(service());
        deployed(spec.service());
        return spec;
    }

    private void lines(ServiceSpec spec, long first, long last) {
        messages.publish(
                new LogLines(
                        spec.service(),
                        spec.project(),
                        null,
                        null,
                        instance,
                        LongStream.rangeClosed(first, last)
                                .mapToObj(n -> line(n, "line " + n))
                                .toList()),
                spec.service());
    }

    private static Line line(long seq, String text) {
        return new Line(seq, Instant.now(), "stdout", text);
    }

    private List<String> tail(ServiceSpec spec, String lines) {
        List<String> texts = new ArrayList<>();
        api.get("/services/" + spec.service() + "/logs?tail=" + lines)
                .expect(200)
                .json()
                .at("/logs")
                .forEach(entry -> texts.add(entry.get("message").asString()));
        return texts;
    }

    private EventReader follow(ServiceSpec spec, String query, String... headers) {
        return new EventReader(api.stream("/services/" + spec.service() + "/logs" + query, headers));
    }
}

package io.containr.project.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.build.SourceEvent.HeadMoved;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ProjectEvent;
import io.containr.contracts.project.ProjectEvent.PushIgnored;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.contracts.project.ProjectEvent.ServiceUpdated;
import io.containr.project.Api;
import io.containr.project.RunningService;
import io.containr.testing.TestMessages;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Pushes that no delivery told of, and what those who look for them have to know. */
@RunningService
class MissedPushesIT {

    private static final String REPOSITORY = "https://git.example.com/team/app.git";

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    private Api ada;
    private String project;
    private String service;
    private Hook hook;
    private final String first = WebhooksIT.hash();
    private final String second = WebhooksIT.hash();
    private final String third = WebhooksIT.hash();

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newService() {
        ada = Api.newUser(port);
        project = ada.newProject("shop");
        service = ada.post(
                        "/api/v1/projects/" + project + "/services",
                        "{\"name\":\"web\",\"type\":\"web\",\"source\":{\"type\":\"git\",\"repository\":\"" + REPOSITORY
                                + "\"}}")
                .expect(201)
                .text("id");
        hook = Hook.enable(ada, port, service);
    }

    @Test
    void serviceSaysWhetherPushesDeployIt() {
        String path = "/api/v1/services/" + service + "/webhook";
        ServiceUpdated enabled = awaitRevision(2);
        assertThat(enabled.spec().deploysPushes()).isTrue();

        ada.post(path, "").expect(201);
        ada.put("/api/v1/services/" + service, "{\"name\":\"renamed\"}").expect(200);
        assertThat(awaitRevision(3).spec().deploysPushes()).isTrue();
        ada.delete(path).expect(204);
        assertThat(awaitRevision(4).spec().deploysPushes()).isFalse();
    }

    @Test
    void headThatWasSeenIsToldLikeAPushAndItsLateDeliveryIsNot() {
        moved(first, second, "Say hello\n\nand more");

        assertThat(awaitTold(second))
                .isEqualTo(new PushReceived(
                        ServiceId.of(service),
                        ProjectId.of(project),
                        ada.user(),
                        "git",
                        null,
                        "main",
                        second,
                        "Say hello",
                        "Ada Example <ada@example.com>"));
        assertThat(deliver(first, second, "Say hello")).isEqualTo("repeated");
        assertThat(deliver(second, third, "Next")).isEqualTo("accepted");
        awaitTold(third);
        assertThat(told()).hasSize(2);
    }

    @Test
    void lateDeliveryOfAPushThatWentBeforeTheSeenHeadIsOvertaken() {
        String next = WebhooksIT.hash();
        moved(first, third, "Third");
        awaitTold(third);

        assertThat(deliver(first, second, "Second")).isEqualTo("ignored");
        assertThat(deliver(second, third, "Third")).isEqualTo("repeated");
        assertThat(deliver(third, first, "Back by force")).isEqualTo("accepted");
        assertThat(deliver(first, next, "And on")).isEqualTo("accepted");
        awaitTold(next);
        assertThat(told()).extracting(PushReceived::commit).containsExactly(third, first, next);
    }

    @Test
    void seenHeadFollowsTheRulesOfDeliveredOnes() {
        ada.put("/api/v1/services/" + service, "{\"build_config\":{\"watch_paths\":[\"web\"]}}")
                .expect(200);
        assertThat(deliver(first, second, "Elsewhere")).isEqualTo("ignored");
        assertThat(awaitIgnored(second))
                .isEqualTo(new PushIgnored(
                        ServiceId.of(service),
                        ProjectId.of(project),
                        ada.user(),
                        "main",
                        second,
                        "no watched path changed"));

        moved(first, second, "Elsewhere");
        moved(second, third, "Docs\n\n[skip ci]");
        assertThat(awaitIgnored(third).reason()).isEqualTo("the commit's message says so");
        String last = WebhooksIT.hash();
        moved("https://git.example.com/team/other.git", "main", third, WebhooksIT.hash());
        moved(third, last, "Paths are not known");

        awaitTold(last);
        assertThat(told()).hasSize(1);
        assertThat(ignored()).hasSize(2);
    }

    @Test
    void declinedPushIsTakenWhenItIsDeliveredAgainUnderOtherRules() {
        String delivery = UUID.randomUUID().toString();
        String path = "/api/v1/services/" + service;
        String body = WebhooksIT.gitHub("main", first, second, "m", "api/a");
        ada.put(path, "{\"build_config\":{\"watch_paths\":[\"web\"]}}").expect(200);
        hook.gitHub("push", body, delivery).expect(200);
        hook.gitHub("push", body, delivery).expect(200);
        ada.put(path, "{\"build_config\":{\"watch_paths\":[\"api\"]}}").expect(200);

        assertThat(hook.gitHub("push", body, delivery).expect(200).text("status"))
                .isEqualTo("accepted");
        assertThat(hook.gitHub("push", body, delivery).expect(200).text("status"))
                .isEqualTo("repeated");
        awaitTold(second);
        assertThat(told()).hasSize(1);
        assertThat(ignored()).hasSize(1);
    }

    private String deliver(String before, String commit, String message) {
        return hook.gitHub("push", WebhooksIT.gitHub("main", before, commit, message, "api/a"))
                .expect(200)
                .text("status");
    }

    private void moved(String before, String commit, String message) {
        messages.publish(
                new HeadMoved(
                        ServiceId.of(service),
                        ProjectId.of(project),
                        REPOSITORY,
                        "main",
                        before,
                        commit,
                        message,
                        "Ada Example <ada@example.com>"),
                service);
    }

    private void moved(String repository, String branch, String before, String commit) {
        messages.publish(
                new HeadMoved(
                        ServiceId.of(service), ProjectId.of(project), repository, branch, before, commit, "m", null),
                service);
    }

    private ServiceUpdated awaitRevision(long revision) {
        return messages.await(
                ServiceUpdated.class,
                event -> event.spec().service().toString().equals(service)
                        && event.spec().revision() == revision);
    }

    private PushReceived awaitTold(String commit) {
        Awaitility.await()
                .until(() -> told().stream().anyMatch(push -> push.commit().equals(commit)));
        return told().stream()
                .filter(push -> push.commit().equals(commit))
                .findFirst()
                .orElseThrow();
    }

    private PushIgnored awaitIgnored(String commit) {
        Awaitility.await()
                .until(() -> ignored().stream().anyMatch(push -> push.commit().equals(commit)));
        return ignored().stream()
                .filter(push -> push.commit().equals(commit))
                .findFirst()
                .orElseThrow();
    }

    private List<PushReceived> told() {
        return of(PushReceived.class)
                .filter(push -> push.service().toString().equals(service))
                .toList();
    }

    private List<PushIgnored> ignored() {
        return of(PushIgnored.class)
                .filter(push -> push.service().toString().equals(service))
                .toList();
    }

    private static <T extends ProjectEvent> Stream<T> of(Class<T> type) {
        return messages.all(type).stream();
    }
}

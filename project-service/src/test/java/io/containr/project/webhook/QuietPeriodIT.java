package io.containr.project.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.ProjectEvent.PushReceived;
import io.containr.project.Api;
import io.containr.project.ProjectSettings;
import io.containr.project.RunningService;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.runtime.messaging.Outbox;
import io.containr.runtime.work.WorkQueue;
import io.containr.testing.TestMessages;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Pushes on each other's heels. */
@RunningService
class QuietPeriodIT {

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private MessageCodec codec;

    @Autowired
    private Outbox outbox;

    @Autowired
    private WorkQueue pushQueue;

    @Autowired
    private ProjectSettings settings;

    @Autowired
    private TransactionTemplate transaction;

    private Api ada;
    private String service;
    private Hook hook;
    private final String first = WebhooksIT.hash();
    private final String second = WebhooksIT.hash();
    private final String third = WebhooksIT.hash();
    private final String fourth = WebhooksIT.hash();

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void close() {
        messages.close();
    }

    @BeforeEach
    void newUserWithAService() {
        ada = Api.newUser(port);
        service = newService("shop");
        hook = Hook.enable(ada, port, service);
    }

    private String newService(String project) {
        return ada.post(
                        "/api/v1/projects/" + ada.newProject(project) + "/services",
                        "{\"name\":\"web\",\"type\":\"web\",\"source\":{\"type\":\"git\",\"repository\":"
                                + "\"https://git.example.com/team/app.git\"}}")
                .expect(201)
                .text("id");
    }

    @Test
    void allAreToldInOrderEachWithItsOwnOrigin() {
        String request = UUID.randomUUID().toString();
        push(first, second, Map.of());
        push(second, third, Map.of("X-Request-Id", request, "User-Agent", "one", "X-Forwarded-For", "192.0.2.7"));
        push(third, fourth, Map.of("User-Agent", "two"));

        MessageMeta held =
                messages.awaitMeta(PushReceived.class, push -> push.commit().equals(third));
        assertThat(held.origin().correlationId()).hasToString(request);
        assertThat(held.origin().sourceIp()).isEqualTo("192.0.2.7");
        assertThat(held.origin().userAgent()).isEqualTo("one");
        messages.await(PushReceived.class, push -> push.commit().equals(fourth));
        assertThat(told()).containsExactly(second, third, fourth);
        Awaitility.await().until(() -> waiting() == 0);
    }

    @Test
    void aRepetitionOfOneThatWaitsIsOne() {
        push(first, second, Map.of());
        push(second, third, Map.of());
        assertThat(deliver(second, third, Map.of()).text("status")).isEqualTo("repeated");

        messages.await(PushReceived.class, push -> push.commit().equals(third));
        Awaitility.await().until(() -> waiting() == 0);
        assertThat(told()).containsExactly(second, third);
    }

    @Test
    void onesThatWaitAreToldAlthoughTheWebhookIsGoneAndNotAfterTheService() {
        push(first, second, Map.of());
        push(second, third, Map.of());
        ada.delete("/api/v1/services/" + service + "/webhook").expect(204);
        messages.await(PushReceived.class, push -> push.commit().equals(third));

        hook = Hook.enable(ada, port, service);
        push(third, first, Map.of());
        push(first, fourth, Map.of());
        ada.delete("/api/v1/services/" + service).expect(204);
        assertThat(waiting()).isZero();
    }

    @Test
    void onesOnTheHeelsOfAnotherServicesWaitToo() {
        String other = newService("office");
        Clock stopped = Clock.fixed(Instant.now(), ZoneOffset.UTC);
        UntoldPushes untold = new UntoldPushes(jdbc, codec, outbox, pushQueue, stopped, settings);
        transaction.executeWithoutResult(status -> {
            untold.tell(received(service), null);
            untold.tell(received(other), null);
            assertThat(waiting(service)).isZero();
            assertThat(waiting(other)).isOne();
            status.setRollbackOnly();
        });
    }

    private PushReceived received(String pushed) {
        return new PushReceived(
                new ServiceId(UUID.fromString(pushed)),
                new ProjectId(UUID.randomUUID()),
                new UserId(UUID.randomUUID()),
                "github",
                null,
                "main",
                first,
                null,
                null);
    }

    private long waiting() {
        return waiting(service);
    }

    private long waiting(String pushed) {
        return jdbc.sql("select count(*) from untold_push where service_id = :service")
                .param("service", UUID.fromString(pushed))
                .query(Long.class)
                .single();
    }

    private void push(String before, String after, Map<String, String> headers) {
        assertThat(deliver(before, after, headers).text("status")).isEqualTo("accepted");
    }

    private Api.Answer deliver(String before, String after, Map<String, String> more) {
        String body = WebhooksIT.gitHub("main", before, after, "Push", "a");
        Map<String, String> headers =
                hook.gitHubHeaders("push", body, UUID.randomUUID().toString());
        headers.putAll(more);
        return hook.send("github", body, headers).expect(200);
    }

    private List<String> told() {
        return messages.all(PushReceived.class).stream()
                .filter(push -> push.service().toString().equals(service))
                .map(PushReceived::commit)
                .toList();
    }
}

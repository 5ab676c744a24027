package io.containr.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runtime's {@code Idempotency-Key}, by the example of projects. */
@RunningService
class IdempotencyIT {

    private static final String PROJECTS = "/api/v1/projects";

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    private Api ada;
    private Map<String, String> key;

    @BeforeEach
    void newUserAndKey() {
        ada = Api.newUser(port);
        key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
    }

    @Test
    void sameRequestTwiceTakesEffectOnceAndGetsTheSameAnswer() {
        Api.Answer first = ada.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201);
        Api.Answer second = ada.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.response().headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(second.response().headers().firstValue("Idempotency-Replayed"))
                .hasValue("true");
        assertThat(first.response().headers().firstValue("Idempotency-Replayed"))
                .isEmpty();
        assertThat(projects()).isEqualTo(1);
    }

    @Test
    void keyBelongsToOneRequestOfOneUser() {
        ada.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201);

        assertThat(ada.post(PROJECTS, "{\"name\":\"two\"}", key).expect(409).text("error"))
                .isEqualTo("This Idempotency-Key was used for another request");
        Api eve = Api.newUser(port);
        assertThat(eve.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201).text("owner_id"))
                .isEqualTo(eve.user().toString());
        ada.post(PROJECTS, "{\"name\":\"two\"}").expect(201);
        assertThat(projects()).isEqualTo(2);
    }

    @Test
    void refusalIsAnsweredAgainAndLeavesNothing() {
        String first = ada.post(PROJECTS, "{\"name\":\"\"}", key).expect(400).body();
        assertThat(ada.post(PROJECTS, "{\"name\":\"\"}", key).expect(400).body())
                .isEqualTo(first);

        Map<String, String> other = Map.of("Idempotency-Key", "other");
        String services = PROJECTS + "/" + ada.newProject("full") + "/services";
        ada.post(services, "{\"name\":\"web\",\"type\":\"web\"}").expect(201);
        ada.post(services, "{\"name\":\"web\",\"type\":\"web\"}", other).expect(409);
        Api.Answer again =
                ada.post(services, "{\"name\":\"web\",\"type\":\"web\"}", other).expect(409);
        assertThat(again.text("error")).isEqualTo("The project already has a service named web");
        assertThat(again.response().headers().firstValue("Idempotency-Replayed"))
                .hasValue("true");
    }

    @Test
    void requestsThatComeAtOnceTakeEffectOnce() throws Exception {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Api.Answer>> requests = IntStream.range(0, 12)
                    .<Callable<Api.Answer>>mapToObj(i -> () -> ada.post(PROJECTS, "{\"name\":\"one\"}", key))
                    .toList();
            List<Api.Answer> answers =
                    senders.invokeAll(requests).stream().map(Future::resultNow).toList();
            assertThat(answers).extracting(Api.Answer::status).contains(201).isSubsetOf(201, 409);
            assertThat(answers.stream()
                            .filter(answer -> answer.status() == 201)
                            .map(answer -> answer.text("id"))
                            .collect(Collectors.toSet()))
                    .hasSize(1);
        }
        assertThat(projects()).isEqualTo(1);
    }

    @Test
    void keptAnswerIsForgottenAfterADay() {
        String first = ada.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201).text("id");
        jdbc.sql("update idempotency set answered_at = :then where user_id = :user")
                .param("then", Timestamp.from(Instant.now().minus(Duration.ofHours(25))))
                .param("user", ada.user().toString())
                .update();

        assertThat(ada.post(PROJECTS, "{\"name\":\"one\"}", key).expect(201).text("id"))
                .isNotEqualTo(first);
        ada.post(PROJECTS, "{\"name\":\"two\"}", Map.of("Idempotency-Key", "another"))
                .expect(201);
        assertThat(jdbc.sql("select count(*) from idempotency where answered_at < now() - interval '1 day'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void failureIsNotKept() {
        jdbc.sql("alter table project add constraint no_storms check (name <> 'storm')")
                .update();
        try {
            ada.post(PROJECTS, "{\"name\":\"storm\"}", key).expect(500);
        } finally {
            jdbc.sql("alter table project drop constraint no_storms").update();
        }
        ada.post(PROJECTS, "{\"name\":\"storm\"}", key).expect(201);
    }

    @Test
    void malformedKeyIsRefused() {
        ada.post(PROJECTS, "{\"name\":\"one\"}", Map.of("Idempotency-Key", "a b"))
                .expect(400);
        ada.post(PROJECTS, "{\"name\":\"one\"}", Map.of("Idempotency-Key", "k".repeat(256)))
                .expect(400);
        assertThat(projects()).isZero();
    }

    private int projects() {
        return ada.get(PROJECTS).json().path("pagination").path("total").asInt();
    }
}

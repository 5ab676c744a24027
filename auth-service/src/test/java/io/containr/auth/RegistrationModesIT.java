package io.containr.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.auth.AuthApi.Answer;
import io.containr.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

class RegistrationModesIT {

    @Nested
    @SpringBootTest(
            webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
            properties = "spring.config.name=auth-service")
    @ContextConfiguration(initializers = {TestEnvironment.class, TestKeycloak.class})
    class ByDefault {

        @LocalServerPort
        private int port;

        @Test
        void onlyTheFirstMayRegisterEvenIfManyTryAtOnce() throws Exception {
            AuthApi api = new AuthApi(port);
            Callable<Answer> registration = () -> api.register(AuthApi.newEmail(), AuthApi.PASSWORD, "Ann");
            List<Answer> answers;
            try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
                answers = parallel.invokeAll(List.of(registration, registration, registration, registration)).stream()
                        .map(Future::resultNow)
                        .toList();
            }

            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 403, 403, 403);
            Answer late = registration.call();
            assertThat(late.status()).isEqualTo(403);
            assertThat(late.text("/code")).isEqualTo("FORBIDDEN");
            Answer first = answers.stream()
                    .filter(answer -> answer.status() == 201)
                    .findFirst()
                    .orElseThrow();
            String token = api.login(first.text("/email"), AuthApi.PASSWORD).text("/token");
            assertThat(api.invite(token).status()).isEqualTo(409);
        }
    }

    @Nested
    @SpringBootTest(
            webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
            properties = {
                "spring.config.name=auth-service",
                "containr.auth.registration=invite",
                "containr.auth.invitations-per-user=3"
            })
    @ContextConfiguration(initializers = {TestEnvironment.class, TestKeycloak.class})
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ByInvitation {

        @LocalServerPort
        private int port;

        @Autowired
        private JdbcClient jdbc;

        private AuthApi api;
        private String token;

        @BeforeAll
        void firstUserNeedsNoCode() {
            api = new AuthApi(port);
            String email = AuthApi.newEmail();
            assertThat(api.register(email, AuthApi.PASSWORD, "First").status()).isEqualTo(201);
            token = api.login(email, AuthApi.PASSWORD).text("/token");
        }

        @AfterEach
        void withdrawInvitations() {
            jdbc.sql("delete from invitations where code_hash is not null").update();
        }

        @Test
        void codeLetsOnePersonIn() {
            Answer invitation = api.invite(token);
            String code = invitation.text("/code");

            assertThat(invitation.status()).isEqualTo(201);
            assertThat(Instant.parse(invitation.text("/expires_at")))
                    .isBetween(
                            Instant.now().plus(Duration.ofDays(6)),
                            Instant.now().plus(Duration.ofDays(7)));
            assertThat(api.register(AuthApi.newEmail(), code).status()).isEqualTo(201);
            Answer second = api.register(AuthApi.newEmail(), code);
            assertThat(second.status()).isEqualTo(400);
            assertThat(second.body().at("/details/fields").propertyNames()).containsExactly("invitation");
        }

        @Test
        void withoutACodeNobodyComesIn() {
            assertThat(api.register(AuthApi.newEmail(), AuthApi.PASSWORD, "Ann").status())
                    .isEqualTo(403);
            assertThat(api.register(AuthApi.newEmail(), "guessed").status()).isEqualTo(400);
            assertThat(api.invite("nonsense").status()).isEqualTo(401);
        }

        @Test
        void codeOutlivesARegistrationThatIsRefused() {
            String code = api.invite(token).text("/code");
            String taken = AuthApi.newEmail();
            api.register(taken, api.invite(token).text("/code"));

            assertThat(api.register(taken, code).status()).isEqualTo(409);
            assertThat(api.register(AuthApi.newEmail(), code).status()).isEqualTo(201);
        }

        @Test
        void codeRunsOut() {
            String code = api.invite(token).text("/code");
            jdbc.sql("update invitations set expires_at = now() - interval '1 second' where code_hash is not null")
                    .update();

            assertThat(api.register(AuthApi.newEmail(), code).status()).isEqualTo(400);
        }

        @Test
        void codeIsNotKeptInClear() {
            String code = api.invite(token).text("/code");

            assertThat(jdbc.sql("select code_hash from invitations where code_hash is not null")
                            .query(String.class)
                            .list())
                    .isNotEmpty()
                    .doesNotContain(code);
        }

        @Test
        void openInvitationsOfAUserAreLimited() {
            for (int i = 0; i < 3; i++) {
                assertThat(api.invite(token).status()).isEqualTo(201);
            }

            assertThat(api.invite(token).status()).isEqualTo(409);
        }
    }
}

package io.containr.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.auth.AuthApi.Answer;
import io.containr.contracts.identity.IdentityEvent.UserLoggedIn;
import io.containr.contracts.identity.IdentityEvent.UserLoggedOut;
import io.containr.contracts.identity.IdentityEvent.UserRegistered;
import io.containr.contracts.identity.IdentityEvent.UserUpdated;
import io.containr.runtime.messaging.MessageMeta;
import io.containr.testing.TestEnvironment;
import io.containr.testing.TestMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.client.RestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.config.name=auth-service", "containr.auth.gateway-on-loopback=true"})
@ContextConfiguration(initializers = {TestEnvironment.class, TestKeycloak.class})
class AccountIT {

    private static TestMessages messages;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    private AuthApi api;
    private final String email = AuthApi.newEmail();

    @BeforeAll
    static void listen() {
        messages = new TestMessages();
    }

    @AfterAll
    static void stopListening() {
        messages.close();
    }

    @BeforeEach
    void client() {
        api = new AuthApi(port);
    }

    @Test
    void whoRegistersCanLogInAndSeeTheProfile() {
        Answer registered = api.register("  " + email.toUpperCase(Locale.ROOT), AuthApi.PASSWORD, " Ann Lee ");

        assertThat(registered.status()).isEqualTo(400);

        registered = api.register(email.toUpperCase(Locale.ROOT), AuthApi.PASSWORD, " Ann Lee ");
        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.text("/email")).isEqualTo(email);
        assertThat(registered.text("/name")).isEqualTo("Ann Lee");
        assertThat(registered.body().has("avatar_url")).isFalse();
        assertThat(Instant.parse(registered.text("/created_at")))
                .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());

        Answer login = api.login(email, AuthApi.PASSWORD);
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.body().at("/user")).isEqualTo(registered.body());
        // In whole seconds, of which signing it may take one.
        assertThat(login.body().at("/expires_in").asLong()).isBetween(3599L, 3600L);
        assertThat(login.text("/refresh_token")).isNotBlank();

        Answer profile = api.profile(login.text("/token"));
        assertThat(profile.status()).isEqualTo(200);
        assertThat(profile.body()).isEqualTo(registered.body());
    }

    @Test
    void registrationAndLoginAreToldWithTheUserAsActor() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        api.login(email, AuthApi.PASSWORD);

        UserRegistered registered =
                messages.await(UserRegistered.class, event -> event.email().equals(email));
        assertThat(registered.name()).isEqualTo("Ann");
        MessageMeta meta =
                messages.awaitMeta(UserLoggedIn.class, event -> event.email().equals(email));
        assertThat(meta.key()).isEqualTo(registered.user().toString());
        assertThat(meta.origin().actorId()).isEqualTo(registered.user().toString());
        assertThat(meta.origin().actorEmail()).isEqualTo(email);
        assertThat(meta.origin().sourceIp()).isEqualTo("127.0.0.1");
        assertThat(meta.origin().userAgent()).isEqualTo("auth-test");
    }

    @Test
    void wrongPasswordAndUnknownUserGetTheSameAnswer() {
        api.register(email, AuthApi.PASSWORD, "Ann");

        Answer wrongPassword = api.login(email, "incorrect horse");
        Answer unknownUser = api.login(AuthApi.newEmail(), AuthApi.PASSWORD);

        assertThat(wrongPassword.status()).isEqualTo(401);
        assertThat(wrongPassword.text("/code")).isEqualTo("UNAUTHENTICATED");
        assertThat(unknownUser).isEqualTo(wrongPassword);
    }

    @Test
    void tenWrongPasswordsLockTheAccountForTheRightOneToo() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 10).forEach(i -> parallel.submit(() -> api.login(email, "guess number " + i)));
        }

        assertThat(api.login(email, AuthApi.PASSWORD).status()).isEqualTo(401);
        assertThat(api.login(email, AuthApi.PASSWORD)).isEqualTo(api.login(AuthApi.newEmail(), AuthApi.PASSWORD));
    }

    @Test
    void parallelLoginsOfOneUserAllSucceed() throws Exception {
        api.register(email, AuthApi.PASSWORD, "Ann");
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            var logins = IntStream.range(0, 6)
                    .mapToObj(i -> parallel.submit(() -> api.login(email, AuthApi.PASSWORD)))
                    .toList();
            for (var login : logins) {
                assertThat(login.get().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void addressBelongsToOneUser() {
        api.register(email, AuthApi.PASSWORD, "Ann");

        Answer second = api.register(email.toUpperCase(Locale.ROOT), AuthApi.PASSWORD, "Bob");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text("/code")).isEqualTo("CONFLICT");
        assertThat(api.login(email, AuthApi.PASSWORD).text("/user/name")).isEqualTo("Ann");
    }

    @Test
    void invalidRegistrationNamesItsFields() {
        Answer nothing = api.send(HttpMethod.POST, "/auth/register", Map.of(), null);
        assertThat(nothing.status()).isEqualTo(400);
        assertThat(nothing.body().at("/details/fields").propertyNames())
                .containsExactlyInAnyOrder("email", "password", "name");

        Answer wrong = api.register("not an address", "short", " ");
        assertThat(wrong.body().at("/details/fields").propertyNames())
                .containsExactlyInAnyOrder("email", "password", "name");

        Answer passwordIsAddress = api.register(email, email, "Ann");
        assertThat(passwordIsAddress.status()).isEqualTo(400);
        assertThat(passwordIsAddress.text("/details/fields/password")).contains("must not be equal to");

        Answer strange = api.register("a..b@example.com", AuthApi.PASSWORD, "Ann");
        assertThat(strange.status()).isEqualTo(400);
        assertThat(strange.body().at("/details/fields").propertyNames()).containsExactly("email");
    }

    @Test
    void invalidLoginIsABadRequest() {
        assertThat(api.send(HttpMethod.POST, "/auth/login", Map.of("email", email), null)
                        .status())
                .isEqualTo(400);
        assertThat(api.send(HttpMethod.POST, "/auth/login", List.of(), null).status())
                .isEqualTo(400);
    }

    @Test
    void refreshTokenIsGoodForOneUseAndASecondEndsTheSession() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        String first = api.login(email, AuthApi.PASSWORD).text("/refresh_token");

        Answer refreshed = api.refresh(first);
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.text("/user/email")).isEqualTo(email);
        assertThat(api.profile(refreshed.text("/token")).status()).isEqualTo(200);

        assertThat(api.refresh(first).status()).isEqualTo(401);
        assertThat(api.refresh(refreshed.text("/refresh_token")).status()).isEqualTo(401);
        assertThat(api.refresh("nonsense").text("/code")).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void logoutEndsTheSession() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        Answer login = api.login(email, AuthApi.PASSWORD);
        String refreshToken = login.text("/refresh_token");

        assertThat(api.logout(refreshToken).status()).isEqualTo(204);

        assertThat(api.refresh(refreshToken).status()).isEqualTo(401);
        MessageMeta meta = messages.awaitMeta(
                UserLoggedOut.class, event -> event.user().toString().equals(login.text("/user/id")));
        assertThat(meta.origin().actorId()).isEqualTo(login.text("/user/id"));
    }

    @Test
    void logoutWithATokenThatIsNotKeycloaksIsRefused() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        Answer login = api.login(email, AuthApi.PASSWORD);
        String[] parts = login.text("/refresh_token").split("\\.");
        String forged = parts[0] + "." + parts[1] + "." + "A".repeat(parts[2].length());

        assertThat(api.logout(forged).status()).isEqualTo(401);
        assertThat(api.logout("nonsense").status()).isEqualTo(401);
        assertThat(api.logout(login.text("/token")).status()).isEqualTo(401);

        assertThat(api.refresh(login.text("/refresh_token")).status()).isEqualTo(200);
        assertThat(messages.all(UserLoggedOut.class))
                .noneMatch(event -> event.user().toString().equals(login.text("/user/id")));
    }

    @Test
    void profileChangesAreKeptAndTold() {
        String id = api.register(email, AuthApi.PASSWORD, "Ann").text("/id");
        String token = api.login(email, AuthApi.PASSWORD).text("/token");
        String newEmail = AuthApi.newEmail();

        Answer changed = api.changeProfile(
                token, Map.of("name", "Ann Two", "email", newEmail, "avatar_url", "https://example.com/ann.png"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.text("/id")).isEqualTo(id);
        assertThat(changed.text("/name")).isEqualTo("Ann Two");
        assertThat(changed.text("/email")).isEqualTo(newEmail);
        assertThat(changed.text("/avatar_url")).isEqualTo("https://example.com/ann.png");
        assertThat(api.profile(token).body()).isEqualTo(changed.body());
        assertThat(api.login(email, AuthApi.PASSWORD).status()).isEqualTo(401);
        assertThat(api.login(newEmail, AuthApi.PASSWORD).body().at("/user")).isEqualTo(changed.body());
        UserUpdated updated = messages.await(
                UserUpdated.class, event -> event.user().toString().equals(id));
        assertThat(updated.email()).isEqualTo(newEmail);
        assertThat(updated.name()).isEqualTo("Ann Two");
    }

    @Test
    void partsOfAProfileChangeAlone() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        String token = api.login(email, AuthApi.PASSWORD).text("/token");

        api.changeProfile(token, Map.of("avatar_url", "http://example.com/a.png"));
        Answer renamed = api.changeProfile(token, Map.of("name", "Ann Two"));
        assertThat(renamed.text("/avatar_url")).isEqualTo("http://example.com/a.png");
        assertThat(renamed.text("/email")).isEqualTo(email);

        Answer bare = api.changeProfile(token, Map.of("avatar_url", ""));
        assertThat(bare.body().has("avatar_url")).isFalse();
        assertThat(bare.text("/name")).isEqualTo("Ann Two");
    }

    @Test
    void invalidProfileChangeChangesNothing() {
        api.register(email, AuthApi.PASSWORD, "Ann");
        String other = AuthApi.newEmail();
        api.register(other, AuthApi.PASSWORD, "Bob");
        String token = api.login(email, AuthApi.PASSWORD).text("/token");
        Answer before = api.profile(token);

        for (Map<String, String> change : List.of(
                Map.of("avatar_url", "javascript:alert(1)"),
                Map.of("avatar_url", "ftp://example.com/a.png"),
                Map.of("avatar_url", "https://"),
                Map.of("email", "nobody"),
                Map.of("email", ""),
                Map.of("name", " "),
                Map.of("name", "x".repeat(101)))) {
            Answer refused = api.changeProfile(token, change);
            assertThat(refused.status()).as(change.toString()).isEqualTo(400);
            assertThat(refused.body().at("/details/fields").propertyNames()).containsExactlyElementsOf(change.keySet());
        }
        assertThat(api.changeProfile(token, Map.of("email", other)).status()).isEqualTo(409);
        assertThat(api.profile(token).body()).isEqualTo(before.body());
    }

    @Test
    void loginRepairsWhatARegistrationThatDiedLeftUndone() {
        String id = api.register(email, AuthApi.PASSWORD, "Ann").text("/id");
        jdbc.sql("delete from users where id = :id")
                .param("id", UUID.fromString(id))
                .update();

        Answer login = api.login(email, AuthApi.PASSWORD);

        assertThat(login.status()).isEqualTo(200);
        assertThat(login.text("/user/id")).isEqualTo(id);
        assertThat(api.profile(login.text("/token")).text("/name")).isEqualTo("Ann");
    }

    @Test
    void loginBringsARowThatIsBehindUpToDate() {
        String id = api.register(email, AuthApi.PASSWORD, "Ann").text("/id");
        jdbc.sql("update users set name = 'Old', email = 'old@example.com' where id = :id")
                .param("id", UUID.fromString(id))
                .update();

        assertThat(api.login(email, AuthApi.PASSWORD).text("/user/name")).isEqualTo("Ann");

        UserUpdated updated = messages.await(
                UserUpdated.class, event -> event.user().toString().equals(id));
        assertThat(updated.email()).isEqualTo(email);
    }

    @Test
    void tokenOfAServiceIsNoUsers() {
        assertThat(api.profile(TestKeycloak.serviceToken()).status()).isEqualTo(401);
        assertThat(api.profile(null).status()).isEqualTo(401);
    }

    @Test
    void passwordsReachNeitherOurTablesNorOurMessages() {
        api.register(email, "a password nobody else has", "Ann");
        messages.await(UserRegistered.class, event -> event.email().equals(email));

        assertThat(jdbc.sql("select count(*) from outbox where data like '%nobody else%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void readyWhileKeycloakIs() {
        String health = RestClient.create("http://127.0.0.1:" + port)
                .get()
                .uri("/actuator/health/readiness")
                .retrieve()
                .body(String.class);
        assertThat(health).contains("UP");
    }
}

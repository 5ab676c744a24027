package io.containr.auth;

import io.containr.local.KeycloakDistribution;
import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKeycloak;
import io.containr.testing.TestInfrastructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;

/**
 * A realm of their own for the tests of this JVM, from the file that Containr ships, on the Keycloak that the environment
 * names or else on one that ends with this JVM. Comes after {@code TestEnvironment}, whose test tokens it replaces.
 */
final class TestKeycloak implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String URL = "CONTAINR_TEST_KEYCLOAK";
    private static final String ADMIN_PASSWORD = "CONTAINR_TEST_KEYCLOAK_PASSWORD";
    private static final Path DISTRIBUTIONS = Path.of("..", "target", "keycloak");

    private static final TestKeycloak SHARED = create();

    private final URI url;
    private final String realm;
    private final KeycloakSecrets secrets;

    private TestKeycloak(URI url, String adminPassword) {
        this.url = url;
        this.realm = "containr-" + UUID.randomUUID();
        this.secrets = KeycloakSecrets.random();
        createRealm(adminPassword);
    }

    /** For Spring, which makes one per context; all stand for the same realm. */
    TestKeycloak() {
        this.url = SHARED.url;
        this.realm = SHARED.realm;
        this.secrets = SHARED.secrets;
    }

    private static TestKeycloak create() {
        String url = System.getenv(URL);
        String password = System.getenv(ADMIN_PASSWORD);
        if (url != null && password != null) {
            return new TestKeycloak(URI.create(url), password);
        }
        try {
            KeycloakSecrets secrets = KeycloakSecrets.random();
            TestInfrastructure.Database database = TestInfrastructure.newDatabase();
            LocalKeycloak own = LocalKeycloak.start(
                    KeycloakDistribution.prepare(KeycloakDistribution.archive(), DISTRIBUTIONS),
                    Files.createTempDirectory("containr-test-keycloak-"),
                    0,
                    new LocalKeycloak.Database(database.url(), database.user(), database.password()),
                    secrets);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(own)));
            return new TestKeycloak(own.baseUrl(), secrets.adminPassword());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void close(LocalKeycloak keycloak) {
        try {
            keycloak.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createRealm(String adminPassword) {
        RestClient client = RestClient.create(url.toString());
        MultiValueMap<String, String> login = new LinkedMultiValueMap<>();
        login.add("grant_type", "password");
        login.add("client_id", "admin-cli");
        login.add("username", "admin");
        login.add("password", adminPassword);
        Map<?, ?> token = client.post()
                .uri("/realms/master/protocol/openid-connect/token")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(login)
                .retrieve()
                .body(Map.class);
        client.post()
                .uri("/admin/realms")
                .headers(headers -> headers.setBearerAuth(
                        Objects.requireNonNull(token).get("access_token").toString()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(realmFile())
                .retrieve()
                .toBodilessEntity();
    }

    private String realmFile() {
        try (InputStream file = LocalKeycloak.class.getResourceAsStream("/keycloak/containr-realm.json")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\"realm\": \"containr\"", "\"realm\": \"" + realm + "\"")
                    .replace("${CONTAINR_API_CLIENT_SECRET}", secrets.apiClient())
                    .replace("${CONTAINR_AUTH_SERVICE_CLIENT_SECRET}", secrets.authServiceClient());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Map<String, Object> settings = Map.of(
                "containr.auth.keycloak.url",
                url,
                "containr.auth.keycloak.realm",
                realm,
                "containr.auth.keycloak.api-client-secret",
                secrets.apiClient(),
                "containr.auth.keycloak.service-client-secret",
                secrets.authServiceClient(),
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                realmUrl() + "/protocol/openid-connect/certs");
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test-keycloak", settings));
    }

    /** The access token of auth-service itself, which is no user's. */
    static String serviceToken() {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("grant_type", "client_credentials");
        form.add("client_id", "containr-auth-service");
        form.add("client_secret", SHARED.secrets.authServiceClient());
        Map<?, ?> answer = RestClient.create()
                .post()
                .uri(SHARED.realmUrl() + "/protocol/openid-connect/token")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(Map.class);
        return Objects.requireNonNull(answer).get("access_token").toString();
    }

    private String realmUrl() {
        return url + "/realms/" + realm;
    }
}

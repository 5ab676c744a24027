package io.containr.auth;

import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKeycloak;
import io.containr.testing.TestInfrastructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
 * A realm of their own for the tests of this JVM, from the file that Containr ships, on the Keycloak of the test run.
 * Comes after {@code TestEnvironment}, whose test tokens it replaces.
 */
final class TestKeycloak implements ApplicationContextInitializer<ConfigurableApplicationContext> {

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
        TestInfrastructure.Keycloak keycloak = TestInfrastructure.keycloak(DISTRIBUTIONS);
        return new TestKeycloak(keycloak.url(), keycloak.adminPassword());
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

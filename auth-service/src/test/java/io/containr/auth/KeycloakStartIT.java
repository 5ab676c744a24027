package io.containr.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.local.ChildProcess;
import io.containr.local.KeycloakDistribution;
import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKeycloak;
import io.containr.local.LocalPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Here and not beside what it tests, because all modules wait for that one: the run's own Keycloak is prepared meanwhile. */
class KeycloakStartIT {

    @Test
    void servesTheRealmAndSucceedsAnOrphan(@TempDir Path directory) throws Exception {
        KeycloakDistribution distribution =
                KeycloakDistribution.prepare(KeycloakDistribution.archive(), Path.of("../target/keycloak"));
        Path home = directory.resolve("keycloak");
        Path secretsFile = home.resolve("secrets.properties");
        KeycloakSecrets secrets = KeycloakSecrets.loadOrCreate(secretsFile);
        assertThat(Files.getPosixFilePermissions(secretsFile))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(KeycloakSecrets.loadOrCreate(secretsFile)).isEqualTo(secrets);
        try (LocalPostgres postgres = LocalPostgres.start(directory.resolve("postgres"), 0, false)) {
            postgres.createDatabase("keycloak");
            LocalKeycloak.Database database =
                    new LocalKeycloak.Database(postgres.jdbcUrl("keycloak"), LocalPostgres.USER, postgres.password());
            // What an earlier life left behind is told by its identity file, whatever it does.
            ChildProcess orphan = ChildProcess.start(
                    "keycloak", home, List.of("/bin/sleep", "600"), Map.of(), directory.resolve("orphan.log"));

            try (LocalKeycloak successor = LocalKeycloak.start(distribution, home, 0, database, secrets)) {
                assertThat(orphan.isAlive()).isFalse();
                assertThat(tokenStatus(successor.baseUrl(), secrets.authServiceClient()))
                        .isEqualTo(200);
                assertThat(tokenStatus(successor.baseUrl(), "guessed")).isEqualTo(401);
            }
        }
    }

    private static int tokenStatus(URI keycloak, String secret) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(keycloak.resolve("/realms/containr/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=containr-auth-service&client_secret=" + secret))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}

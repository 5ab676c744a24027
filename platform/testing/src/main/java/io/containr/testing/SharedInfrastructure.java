package io.containr.testing;

import io.containr.local.ChildProcess;
import io.containr.local.KeycloakDistribution;
import io.containr.local.KeycloakSecrets;
import io.containr.local.LocalKafka;
import io.containr.local.LocalKeycloak;
import io.containr.local.LocalPostgres;
import io.containr.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * The one PostgreSQL, the one Keycloak and the Kafkas of a test run, as many as modules are tested at once, in a process of their own. Writes how to reach them
 * into the file that it is given, as lines {@code NAME=value} for the environment, and stops them when it is told to end.
 * Keycloak takes longest and is needed last, so it starts behind the others' backs; who needs it waits for it.
 */
public final class SharedInfrastructure {

    private SharedInfrastructure() {}

    /** @param args the file, the folder for Keycloak's distribution, and how many Kafkas */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Path data = Files.createTempDirectory("containr-test-");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0, false);
        List<LocalKafka> kafkas = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            kafkas.add(LocalKafka.start(data.resolve("kafka-" + i), 0, 0, false));
        }
        KeycloakSecrets secrets = KeycloakSecrets.random();
        int keycloakPort = Ports.free();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                keycloak(Path.of(args[1]), data.resolve("keycloak"), keycloakPort, postgres, secrets);
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            kafkas.forEach(LocalKafka::close);
            try {
                // Wherever it is on its way: nothing of it is kept, so it need not write down for its next start what
                // it loaded.
                ChildProcess.find("keycloak", data.resolve("keycloak"))
                        .ifPresent(process -> process.stop(Duration.ZERO));
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        write(file, """
                %s=127.0.0.1:%d
                %s=%s
                %s=%s
                %s=http://127.0.0.1:%d
                %s=%s
                """.formatted(
                        TestInfrastructure.POSTGRES,
                        postgres.port(),
                        TestInfrastructure.POSTGRES_PASSWORD,
                        postgres.password(),
                        TestInfrastructure.KAFKA,
                        kafkas.stream().map(LocalKafka::bootstrapServers).collect(Collectors.joining(" ", "'", "'")),
                        TestInfrastructure.KEYCLOAK,
                        keycloakPort,
                        TestInfrastructure.KEYCLOAK_PASSWORD,
                        secrets.adminPassword()));
        new CountDownLatch(1).await();
    }

    private static void keycloak(
            Path distributions, Path home, int port, LocalPostgres postgres, KeycloakSecrets secrets) throws Exception {
        postgres.createDatabase("keycloak");
        LocalKeycloak.start(
                KeycloakDistribution.prepare(KeycloakDistribution.archive(), distributions),
                home,
                port,
                new LocalKeycloak.Database(postgres.jdbcUrl("keycloak"), LocalPostgres.USER, postgres.password()),
                secrets);
    }

    /** Whoever waits for the file never sees half of it. */
    private static void write(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

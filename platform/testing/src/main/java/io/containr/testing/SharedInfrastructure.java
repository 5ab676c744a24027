package io.containr.testing;

import io.containr.local.LocalKafka;
import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/**
 * The one PostgreSQL and the one Kafka of a test run, in a process of their own. Writes how to reach them into the file
 * that it is given, as lines {@code NAME=value} for the environment, and stops both when it is told to end.
 */
public final class SharedInfrastructure {

    private SharedInfrastructure() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Path data = Files.createTempDirectory("containr-test-");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0, false);
        LocalKafka kafka = LocalKafka.start(data.resolve("kafka"), 0, 0, false);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            kafka.close();
            try {
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        write(file, """
                %s=127.0.0.1:%d
                %s=%s
                %s=%s
                """.formatted(
                        TestInfrastructure.POSTGRES,
                        postgres.port(),
                        TestInfrastructure.POSTGRES_PASSWORD,
                        postgres.password(),
                        TestInfrastructure.KAFKA,
                        kafka.bootstrapServers()));
        new CountDownLatch(1).await();
    }

    /** Whoever waits for the file never sees half of it. */
    private static void write(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

package io.containr.testing;

import io.containr.local.LocalKafka;
import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The one PostgreSQL and the one Kafka of a test run, in a process of their own. Writes how to reach them into the file
 * that it is given, as lines {@code NAME=value} for the environment, and ends with its standard input.
 */
public final class SharedInfrastructure {

    private SharedInfrastructure() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Path data = Files.createTempDirectory("containr-test-");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0, false);
                LocalKafka kafka = LocalKafka.start(data.resolve("kafka"), 0, 0, false)) {
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
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    /** Whoever waits for the file never sees half of it. */
    private static void write(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

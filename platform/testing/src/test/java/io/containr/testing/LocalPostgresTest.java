package io.containr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.local.LocalPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class LocalPostgresTest {

    @TempDir
    private Path home;

    @Test
    void aProgramThatIsStillOpenElsewhereIsTriedAgain() throws Exception {
        LocalPostgres.start(home, 0, false).close();
        FileSystemUtils.deleteRecursively(home.resolve("data"));
        Path log = home.resolve("postgres.log");
        Files.delete(log);

        CompletableFuture<LocalPostgres> started;
        try (FileChannel open = FileChannel.open(program(), StandardOpenOption.WRITE)) {
            started = CompletableFuture.supplyAsync(this::start);
            await().until(() -> Files.exists(log) && Files.readString(log).contains("Text file busy"));
            assertThat(open.isOpen()).isTrue();
        }

        try (LocalPostgres postgres = started.get()) {
            postgres.createDatabase("shop");
        }
    }

    private LocalPostgres start() {
        try {
            return LocalPostgres.start(home, 0, false);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Path program() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("bin"))) {
            return files.filter(file -> file.endsWith("bin/postgres"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

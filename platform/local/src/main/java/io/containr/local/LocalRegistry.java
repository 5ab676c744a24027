package io.containr.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An OCI registry of our own: Debian's {@code docker-registry}, on loopback, with deletion allowed. */
public final class LocalRegistry implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Duration START = Duration.ofSeconds(20);

    private final ChildProcess process;
    private final String address;

    private LocalRegistry(ChildProcess process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * @param home directory for images and settings
     * @param port 0: any free one
     * @throws IOException if the program is missing or does not answer
     */
    public static LocalRegistry start(Path home, int port) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IOException(PROGRAM + " is missing: install the package docker-registry");
        }
        Files.createDirectories(home);
        ChildProcess.find("registry", home).ifPresent(orphan -> orphan.stop(Duration.ofSeconds(5)));
        int listenPort = port == 0 ? Ports.free() : port;
        Path settings = home.resolve("config.yml");
        Files.writeString(settings, settings(home.resolve("images"), listenPort));
        ChildProcess process = ChildProcess.start(
                "registry",
                home,
                List.of(PROGRAM.toString(), "serve", settings.toString()),
                Map.of("OTEL_TRACES_EXPORTER", "none"),
                home.resolve("registry.log"));
        String address = "127.0.0.1:" + listenPort;
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            process.awaitReady(
                    ChildProcess.Probe.http(client, URI.create("http://" + address + "/v2/")),
                    START,
                    Duration.ofMillis(20),
                    "the registry does not answer, see " + home.resolve("registry.log"));
        }
        return new LocalRegistry(process, address);
    }

    private static String settings(Path images, int port) {
        return """
                version: 0.1
                log:
                  level: warn
                  accesslog:
                    disabled: true
                storage:
                  filesystem:
                    rootdirectory: '%s'
                  delete:
                    enabled: true
                  maintenance:
                    uploadpurging:
                      enabled: true
                      age: 24h
                      interval: 1h
                      dryrun: false
                http:
                  addr: 127.0.0.1:%d
                  secret: '%s'
                """.formatted(images.toString().replace("'", "''"), port, java.util.UUID.randomUUID());
    }

    /** {@code host:port}, as image references begin. */
    public String address() {
        return address;
    }

    @Override
    public void close() {
        process.stop(Duration.ofSeconds(5));
    }
}

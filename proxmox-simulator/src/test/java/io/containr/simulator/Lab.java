package io.containr.simulator;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What all tests share: the Docker engine, an OCI registry as a process of our own, and a small image in it. Ends with the JVM. */
final class Lab {

    private static @Nullable Lab instance;

    private final DockerClient docker;
    private final String registry;
    private final Path directory;

    static synchronized Lab open() {
        if (instance == null) {
            instance = new Lab();
        }
        return instance;
    }

    private Lab() {
        DefaultDockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        try {
            directory = Files.createTempDirectory("simulator-lab");
            registry = startRegistry();
            publish("containr/app", "1", """
                    FROM scratch
                    COPY root/ /
                    ENV PATH=/bin GREETING="hello from the image" PORT=8080
                    WORKDIR /www
                    EXPOSE 8080
                    STOPSIGNAL SIGTERM
                    ENTRYPOINT ["/app/start.sh", "--flag", "two words"]
                    """);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String startRegistry() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = directory.resolve("registry.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(directory.resolve("registry"), port));
        Process process = new ProcessBuilder("/usr/bin/docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            process.destroyForcibly().onExit().join();
            FileUtils.deleteQuietly(directory.toFile());
        }));
        String host = "127.0.0.1:" + port;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ping = HttpRequest.newBuilder(URI.create("http://" + host + "/v2/"))
                    .build();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> client.send(ping, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
        return host;
    }

    DockerClient docker() {
        return docker;
    }

    /** Host and port. */
    String registry() {
        return registry;
    }

    /** A web server that shows its environment at {@code /env} and ends on SIGTERM. */
    String app() {
        return registry + "/containr/app:1";
    }

    /** Builds an image over busybox and pushes it; the engine keeps no trace of it. */
    String publish(String name, String tag, String dockerfile) throws IOException, InterruptedException {
        Path context = Files.createTempDirectory(directory, "context");
        Path bin = Files.createDirectories(context.resolve("root/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : List.of("sh", "httpd", "env", "cat", "sleep", "id", "stty", "mkdir", "echo", "nc")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        Files.createDirectories(context.resolve("root/www"));
        Files.createDirectories(context.resolve("root/tmp"));
        Path script = Files.createDirectories(context.resolve("root/app")).resolve("start.sh");
        Files.writeString(script, """
                #!/bin/sh
                trap 'exit 0' TERM
                mkdir -p /www
                env > /www/env
                id > /www/id
                echo "$@" > /www/arguments
                echo started >> /www/starts
                httpd -f -p "${PORT:-8080}" -h /www &
                wait
                """);
        script.toFile().setExecutable(true);
        Files.createDirectories(context.resolve("root/etc"));
        Files.writeString(context.resolve("root/etc/passwd"), "root:x:0:0::/:/bin/sh\nweb:x:1000:1001::/www:/bin/sh\n");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        String reference = registry + "/" + name + ":" + tag;
        docker.buildImageCmd(context.toFile())
                .withTags(Set.of(reference))
                .exec(new BuildImageResultCallback())
                .awaitImageId();
        docker.pushImageCmd(reference).start().awaitCompletion();
        docker.removeImageCmd(reference).withForce(true).exec();
        return reference;
    }

    /** A file that does not outlive the JVM. */
    Path temporary(String prefix) {
        try {
            return Files.createTempDirectory(directory, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

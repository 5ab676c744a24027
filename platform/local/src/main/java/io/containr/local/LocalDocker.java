package io.containr.local;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Docker engine of this machine: the one that answers, or one that we start because none does. */
public final class LocalDocker {

    private static final String SOCKET = "unix:///var/run/docker.sock";
    private static final Duration START = Duration.ofSeconds(60);

    private final URI host;
    private final Optional<ChildProcess> own;

    private LocalDocker(URI host, Optional<ChildProcess> own) {
        this.host = host;
        this.own = own;
    }

    /**
     * Finds an engine, by {@code DOCKER_HOST} or at the usual socket, or starts {@code dockerd}, which then outlives this
     * process until {@link #stopOwn()}.
     *
     * @param home for the log and identity of an engine of our own; its images lie where dockerd keeps them
     */
    public static LocalDocker ensure(Path home) throws IOException, InterruptedException {
        URI host = URI.create(Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse(SOCKET));
        if (answers(host)) {
            return new LocalDocker(host, ChildProcess.find("dockerd", home));
        }
        List<String> command = new ArrayList<>(List.of("dockerd", "--host", SOCKET));
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.addFirst("/usr/bin/setsid");
        }
        Path log = home.resolve("dockerd.log");
        ChildProcess engine = ChildProcess.start("dockerd", home, command, Map.of(), log);
        URI own = URI.create(SOCKET);
        engine.awaitReady(() -> answers(own), START, Duration.ofMillis(200), "dockerd does not start, see " + log);
        return new LocalDocker(own, Optional.of(engine));
    }

    private static boolean answers(URI host) throws IOException {
        try (DockerClient client = client(host)) {
            client.pingCmd().exec();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static DockerClient client(URI host) {
        ZerodepDockerHttpClient http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(host)
                .connectionTimeout(Duration.ofSeconds(5))
                .build();
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(host.toString())
                        .build(),
                http);
    }

    /** A new client; the caller closes it. */
    public DockerClient client() {
        return client(host);
    }

    public URI host() {
        return host;
    }

    /** Whether the engine is one that we started, now or in an earlier run. */
    public boolean isOwn() {
        return own.isPresent();
    }

    /** Ends the engine if it is ours, and with it every container. */
    public void stopOwn() {
        own.ifPresent(engine -> engine.stop(Duration.ofSeconds(30)));
    }
}

package io.containr.simulator.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The Docker engine, seen by one simulator: only what carries this simulator's label is ever touched. */
public final class DockerEngine implements Engine {

    private final DockerClient client;
    private final String instance;
    private final DockerImages images;
    private final DockerContainers containers;
    private final DockerVolumes volumes;

    /**
     * @param host such as {@code unix:///var/run/docker.sock}; null for what the environment says
     * @param temporary a directory for files in passing
     */
    public DockerEngine(@Nullable URI host, String instance, Path temporary) {
        DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (host != null) {
            builder.withDockerHost(host.toString());
        }
        DefaultDockerClientConfig config = builder.build();
        this.client = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig())
                        .maxConnections(256)
                        .build());
        this.instance = instance;
        this.images = new DockerImages(client, instance, temporary);
        this.containers = new DockerContainers(client, instance);
        this.volumes = new DockerVolumes(client, instance);
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Containers containers() {
        return containers;
    }

    @Override
    public Volumes volumes() {
        return volumes;
    }

    static String repository(String instance) {
        return "containr-sim-" + instance;
    }

    /** How the names of all images begin that a simulator makes. */
    public static String imagePrefix(String instance) {
        return repository(instance) + ":";
    }

    @Override
    public Bridge bridge(String name, @Nullable String subnet) {
        return Bridge.ensure(client, instance, name, subnet);
    }

    @Override
    public int processors() {
        Integer processors = client.infoCmd().exec().getNCPU();
        return processors == null ? 1 : processors;
    }

    @Override
    public void removeEverything(Bridge bridge) {
        containers.removeAll();
        volumes.removeAll();
        images.removeAll();
        bridge.remove(client, instance);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.containr.build.engine;

import com.github.dockerjava.api.DockerClient;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while the engine that builds images answers. */
@Component("engine")
final class EngineHealthIndicator extends AbstractHealthIndicator {

    private final DockerClient docker;

    EngineHealthIndicator(DockerClient docker) {
        super("the Docker engine does not answer");
        this.docker = docker;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        docker.pingCmd().exec();
        builder.up();
    }
}

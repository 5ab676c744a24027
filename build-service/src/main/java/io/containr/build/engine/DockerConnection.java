package io.containr.build.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.containr.build.BuildProperties;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to the engine; made at start, used when the first build comes. */
@Configuration(proxyBeanMethods = false)
class DockerConnection {

    @Bean(destroyMethod = "close")
    DockerHttpClient dockerHttp(BuildProperties properties) {
        return new ZerodepDockerHttpClient.Builder()
                .dockerHost(properties.dockerHost())
                .connectionTimeout(Duration.ofSeconds(5))
                .maxConnections(4 * properties.concurrency() + 8)
                .build();
    }

    @Bean(destroyMethod = "")
    DockerClient dockerClient(DockerHttpClient http, BuildProperties properties) {
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(properties.dockerHost().toString())
                        .build(),
                http);
    }
}

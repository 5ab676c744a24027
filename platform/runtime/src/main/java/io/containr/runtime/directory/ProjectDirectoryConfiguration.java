package io.containr.runtime.directory;

import io.containr.runtime.calls.ServiceCalls;
import io.containr.runtime.messaging.MessageCodec;
import java.net.URI;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Imported by services that act on projects of others. Needs the migrations of {@code classpath:db/directory} and
 * {@code containr.services.project.uri}; the service puts {@link ProjectDirectory} first into its subscription.
 */
@Configuration(proxyBeanMethods = false)
public class ProjectDirectoryConfiguration {

    @Bean
    ProjectDirectory projectDirectory(
            JdbcClient jdbc, MessageCodec codec, @Value("${containr.services.project.uri}") URI projectService) {
        ServiceCalls calls = new ServiceCalls("project-service", "Projects", projectService, Duration.ofSeconds(3));
        return new ProjectDirectory(jdbc, codec, new ProjectOwner(calls, codec));
    }
}

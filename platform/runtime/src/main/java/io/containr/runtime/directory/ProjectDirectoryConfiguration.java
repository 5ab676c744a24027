package io.containr.runtime.directory;

import io.containr.runtime.messaging.MessageCodec;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

/**
 * Imported by services that act on projects of others. Needs the migrations of {@code classpath:db/directory} and
 * {@code containr.services.project.uri}; the service puts {@link ProjectDirectory} first into its subscription.
 */
@Configuration(proxyBeanMethods = false)
public class ProjectDirectoryConfiguration {

    @Bean
    ProjectDirectory projectDirectory(
            JdbcClient jdbc, MessageCodec codec, @Value("${containr.services.project.uri}") String projectService) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(Duration.ofSeconds(3));
        RestClient client = RestClient.builder()
                .baseUrl(projectService)
                .requestFactory(requests)
                .build();
        return new ProjectDirectory(jdbc, codec, new ProjectOwner(client, codec));
    }
}

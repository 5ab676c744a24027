package io.containr.deploy;

import io.containr.runtime.directory.ProjectDirectoryConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Runs deploy-service by itself. */
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties(DeployProperties.class)
@Import(ProjectDirectoryConfiguration.class)
public class DeployServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(DeployServiceApplication.class)
                .properties("spring.config.name=deploy-service")
                .run(args);
    }
}

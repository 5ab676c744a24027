package io.containr.database;

import io.containr.runtime.directory.ProjectDirectoryConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Runs database-service by itself. */
@SpringBootApplication
@EnableScheduling
@EnableConfigurationProperties(DatabaseProperties.class)
@Import(ProjectDirectoryConfiguration.class)
public class DatabaseServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(DatabaseServiceApplication.class)
                .properties("spring.config.name=database-service")
                .run(args);
    }
}

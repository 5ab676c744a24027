package io.containr.project;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Owns projects, services and their variables. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ProjectServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(ProjectServiceApplication.class)
                .properties("spring.config.name=project-service")
                .run(args);
    }
}

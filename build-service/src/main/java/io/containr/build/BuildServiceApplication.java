package io.containr.build;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Runs build-service by itself. */
@SpringBootApplication
public class BuildServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(BuildServiceApplication.class)
                .properties("spring.config.name=build-service")
                .run(args);
    }
}

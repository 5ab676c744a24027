package io.containr.audit;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Keeps what happened, so that nobody can change it unnoticed. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AuditServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(AuditServiceApplication.class)
                .properties("spring.config.name=audit-service")
                .run(args);
    }
}

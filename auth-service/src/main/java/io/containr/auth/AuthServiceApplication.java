package io.containr.auth;

import io.containr.runtime.security.OpenPaths;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The service that knows users. */
@SpringBootApplication
@EnableConfigurationProperties(AuthProperties.class)
public class AuthServiceApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(AuthServiceApplication.class)
                .properties("spring.config.name=auth-service")
                .run(args);
    }

    /** Who has no token yet, or none that is still valid, comes here for one. */
    @Bean
    OpenPaths withoutToken() {
        return OpenPaths.of(
                "/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh", "/api/v1/auth/logout");
    }
}

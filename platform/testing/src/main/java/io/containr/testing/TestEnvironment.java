package io.containr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Gives a service under test a fresh database, the shared Kafka, test tokens and a key file of its own. */
public final class TestEnvironment implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test-environment", settings()));
    }

    private static Map<String, Object> settings() {
        TestInfrastructure.Database database = TestInfrastructure.newDatabase();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("server.port", "0");
        settings.put("spring.datasource.url", database.url());
        settings.put("spring.datasource.username", database.user());
        settings.put("spring.datasource.password", database.password());
        settings.put("spring.datasource.hikari.maximum-pool-size", "6");
        settings.put("spring.kafka.bootstrap-servers", TestInfrastructure.kafka());
        settings.put("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", TestTokens.jwkSetUri());
        settings.put("containr.secrets.key-file", keyFile());
        return settings;
    }

    private static String keyFile() {
        try {
            Path directory = Files.createTempDirectory("containr-test-keys-");
            return directory.resolve("keys.json").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

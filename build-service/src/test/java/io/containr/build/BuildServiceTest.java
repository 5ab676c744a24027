package io.containr.build;

import io.containr.testing.TestEnvironment;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/** The whole service with real PostgreSQL, Kafka, engine, registries and Git server; one context for all who ask so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=build-service",
            "containr.build.cleanup.kept-tags=2",
            "containr.build.polling.interval=300ms",
            "containr.build.polling.longest-interval=600ms",
            "containr.build.polling.grace=500ms"
        })
@ContextConfiguration(initializers = {TestEnvironment.class, BuildTestEnvironment.class})
public @interface BuildServiceTest {}

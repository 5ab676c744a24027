package io.containr.project;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import io.containr.testing.TestEnvironment;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/** The whole service over real HTTP, PostgreSQL and Kafka; one context for all classes that carry it. */
@Target(TYPE)
@Retention(RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=project-service",
            "containr.project.projects-per-owner=4",
            "containr.project.services-per-project=3",
            "containr.project.regions=north,south",
            "containr.project.git.allowed-private-hosts=127.0.0.1",
            "containr.project.git.max-repositories=5",
            "containr.project.git.timeout=4s",
            "containr.project.webhooks.quiet-period=500ms"
        })
@ContextConfiguration(initializers = {TestEnvironment.class, ProviderStub.class})
public @interface RunningService {}

package io.containr.audit;

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
        properties = {"spring.config.name=audit-service", "containr.audit.verification-valid-for=0s"})
@ContextConfiguration(initializers = TestEnvironment.class)
@interface RunningService {}

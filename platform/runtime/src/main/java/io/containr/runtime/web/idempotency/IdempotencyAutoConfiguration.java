package io.containr.runtime.web.idempotency;

import io.containr.runtime.RuntimeAutoConfiguration;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.secrets.SecretsAutoConfiguration;
import io.containr.runtime.web.ErrorWriter;
import io.containr.runtime.web.WebAutoConfiguration;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.unit.DataSize;

/** Idempotent POSTs, where the service has a database to remember them; {@code containr.web.idempotency.enabled=false} turns them off. */
@AutoConfiguration(
        after = {
            RuntimeAutoConfiguration.class,
            SecretsAutoConfiguration.class,
            WebAutoConfiguration.class,
            JdbcClientAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnBean(JdbcClient.class)
@ConditionalOnProperty(name = "containr.web.idempotency.enabled", matchIfMissing = true)
public class IdempotencyAutoConfiguration {

    /** Once the user and the origin are known. */
    private static final int AFTER_ORIGIN = SecurityFilterProperties.DEFAULT_FILTER_ORDER + 10;

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Optional<SecretBox> box,
            ErrorWriter errors,
            Clock clock,
            @Value("${containr.web.idempotency.largest-body:1MB}") DataSize largestBody) {
        FilterRegistrationBean<IdempotencyFilter> registration = new FilterRegistrationBean<>(new IdempotencyFilter(
                new Answers(jdbc, box, clock), transactions, errors, Math.toIntExact(largestBody.toBytes())));
        registration.setOrder(AFTER_ORIGIN);
        return registration;
    }
}

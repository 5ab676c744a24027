package io.containr.runtime.work;

import io.containr.runtime.RuntimeAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Work queues, where the service has a database. */
@AutoConfiguration(after = {RuntimeAutoConfiguration.class, JdbcClientAutoConfiguration.class})
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnBean(JdbcClient.class)
public class WorkAutoConfiguration {

    @Bean
    WorkQueues workQueues(JdbcClient jdbc, Clock clock, MeterRegistry metrics) {
        return new WorkQueues(jdbc, clock, metrics);
    }
}

package io.containr.contracts.project;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an instance counts as healthy.
 *
 * @param path HTTP path that must answer 2xx, null: a TCP connection on the port suffices
 * @param timeout how long an instance may take to become healthy
 */
public record HealthCheck(@Nullable String path, Duration timeout) {

    public static final HealthCheck DEFAULT = new HealthCheck(null, Duration.ofSeconds(60));
}

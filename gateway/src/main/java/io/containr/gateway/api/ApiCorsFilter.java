package io.containr.gateway.api;

import io.containr.gateway.edge.Visit;
import java.time.Duration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;

/** Lets pages of the configured origins call the API; an application's cross-origin rules are its own. */
final class ApiCorsFilter extends CorsWebFilter implements Ordered {

    ApiCorsFilter(List<String> origins) {
        super(exchange -> origins.isEmpty() || !Visit.of(exchange).api() ? null : configuration(origins));
    }

    private static CorsConfiguration configuration(List<String> origins) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(origins);
        configuration.setAllowedMethods(List.of("GET", "POST", "PUT", "PATCH", "DELETE"));
        configuration.setAllowedHeaders(List.of("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"));
        configuration.setExposedHeaders(List.of("X-Request-Id", "Retry-After", "Location"));
        configuration.setMaxAge(Duration.ofHours(1));
        return configuration;
    }

    @Override
    public int getOrder() {
        return ApiFilters.CORS;
    }
}

package io.containr.gateway.api;

import io.containr.gateway.edge.Visit;
import java.time.Duration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets pages of the configured origins call the API; an application's cross-origin rules are its own. */
final class ApiCorsFilter implements WebFilter, Ordered {

    private final CorsWebFilter api;

    ApiCorsFilter(List<String> origins) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(origins);
        configuration.setAllowedMethods(List.of("GET", "POST", "PUT", "PATCH", "DELETE"));
        configuration.setAllowedHeaders(List.of("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"));
        configuration.setExposedHeaders(List.of("X-Request-Id", "Retry-After", "Location"));
        configuration.setMaxAge(Duration.ofHours(1));
        this.api = new CorsWebFilter(exchange -> origins.isEmpty() ? null : configuration);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Visit.of(exchange).api() ? api.filter(exchange, chain) : chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return ApiFilters.CORS;
    }
}

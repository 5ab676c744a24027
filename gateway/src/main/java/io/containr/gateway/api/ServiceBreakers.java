package io.containr.gateway.api;

import io.containr.gateway.edge.Failures;
import io.containr.gateway.edge.GatewayException;
import io.containr.runtime.web.ErrorCode;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A circuit breaker per service. It sees a request until the head of the answer, so a stream is never its business, and
 * counts what the network did (no connection, no answer in time, no valid answer), never what a service answered. It
 * closes soon after the service is back.
 */
final class ServiceBreakers {

    private static final int INSIDE_THE_WRITING_OF_THE_ANSWER = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .slidingWindow(20, 20, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(3)
            .recordException(ServiceBreakers::isFaultOfService)
            .build());

    ServiceBreakers(MeterRegistry metrics) {
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(registry).bindTo(metrics);
    }

    GatewayFilter filter(String service) {
        CircuitBreaker breaker = registry.circuitBreaker(service);
        return new OrderedGatewayFilter(
                (exchange, chain) -> call(exchange, chain, breaker), INSIDE_THE_WRITING_OF_THE_ANSWER);
    }

    CircuitBreaker breaker(String service) {
        return registry.circuitBreaker(service);
    }

    private static Mono<Void> call(ServerWebExchange exchange, GatewayFilterChain chain, CircuitBreaker breaker) {
        String service = breaker.getName();
        return chain.filter(exchange)
                .onErrorMap(failure -> Failures.asAnswer(failure, service))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .onErrorMap(
                        CallNotPermittedException.class,
                        open -> new GatewayException(
                                ErrorCode.DEPENDENCY_UNAVAILABLE, service + " is not available", open));
    }

    private static boolean isFaultOfService(Throwable failure) {
        return failure instanceof GatewayException answer
                && switch (answer.code()) {
                    case DEPENDENCY_UNAVAILABLE, GATEWAY_TIMEOUT, BAD_GATEWAY -> true;
                    default -> false;
                };
    }
}

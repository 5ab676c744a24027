package io.containr.gateway.api;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.ServiceAddresses;
import io.containr.gateway.route.RouteSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.http.client.HttpClient;

@Configuration(proxyBeanMethods = false)
class ApiConfiguration {

    @Bean
    ServiceBreakers serviceBreakers(MeterRegistry metrics) {
        return new ServiceBreakers(metrics);
    }

    @Bean
    RouteLocator apiRoutes(
            RouteLocatorBuilder builder,
            ServiceAddresses services,
            ServiceBreakers breakers,
            GatewaySettings settings) {
        return new ApiRoutes(services, breakers, settings).build(builder);
    }

    @Bean
    SecurityHeadersFilter securityHeadersFilter() {
        return new SecurityHeadersFilter();
    }

    @Bean
    ApiCorsFilter apiCorsFilter(GatewaySettings settings) {
        return new ApiCorsFilter(settings.api().corsOrigins());
    }

    @Bean
    RateLimitFilter rateLimitFilter(GatewaySettings settings) {
        return new RateLimitFilter(settings.api().rateLimits());
    }

    @Bean
    RequestCheckFilter requestCheckFilter(GatewaySettings settings) {
        return new RequestCheckFilter(settings.api().maxRequestBody());
    }

    @Bean
    RouterFunction<ServerResponse> ownPages(
            ServiceAddresses services, RouteSource routes, HttpClient client, GatewaySettings settings) {
        return new Pages(new HealthReports(services, routes, client, settings)).routes();
    }
}

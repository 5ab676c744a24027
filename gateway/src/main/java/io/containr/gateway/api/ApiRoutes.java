package io.containr.gateway.api;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.ServiceAddresses;
import io.containr.gateway.ServiceAddresses.Service;
import java.time.Duration;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;

/** Which service answers which path. What is not listed does not exist; the first match counts. */
final class ApiRoutes {

    private static final String BASE = "/api/v1";
    private static final Duration UNLIMITED = Duration.ofMillis(-1);

    private final ServiceAddresses services;
    private final ServiceBreakers breakers;
    private final Duration timeout;

    ApiRoutes(ServiceAddresses services, ServiceBreakers breakers, GatewaySettings settings) {
        this.services = services;
        this.breakers = breakers;
        this.timeout = settings.api().responseTimeout();
    }

    RouteLocator build(RouteLocatorBuilder builder) {
        RouteLocatorBuilder.Builder routes = builder.routes();
        add(routes, "auth-service", services.auth(), timeout, "/auth/**", "/user/**");
        add(
                routes,
                "deploy-service-logs",
                services.deploy(),
                UNLIMITED,
                "/services/{id}/logs",
                "/deployments/{id}/logs");
        add(
                routes,
                "deploy-service",
                services.deploy(),
                timeout,
                "/services/{id}/deployments",
                "/services/{id}/runs",
                "/runs/{id}",
                "/deployments",
                "/deployments/**");
        add(
                routes,
                "project-service",
                services.project(),
                timeout,
                "/projects",
                "/projects/**",
                "/services/{id}",
                "/services/{id}/start",
                "/services/{id}/stop",
                "/services/{id}/restart",
                "/services/{id}/variables",
                "/services/{id}/variables/{name}",
                "/services/{id}/webhook",
                "/templates",
                "/templates/**",
                "/git/**",
                "/webhooks/**");
        add(routes, "build-service-logs", services.build(), UNLIMITED, "/builds/{id}/logs");
        add(routes, "build-service", services.build(), timeout, "/builds", "/builds/**");
        add(routes, "database-service", services.database(), timeout, "/databases", "/databases/**");
        add(routes, "audit-service", services.audit(), timeout, "/audit-logs", "/audit-logs/**");
        return routes.build();
    }

    private void add(RouteLocatorBuilder.Builder routes, String id, Service service, Duration limit, String... paths) {
        String[] absolute = new String[paths.length];
        for (int i = 0; i < paths.length; i++) {
            absolute[i] = BASE + paths[i];
        }
        String name = id.replace("-logs", "");
        routes.route(
                id,
                route -> route.path(absolute)
                        .filters(filters -> filters.filter(breakers.filter(name)))
                        .metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, limit.toMillis())
                        .uri(service.uri()));
    }
}

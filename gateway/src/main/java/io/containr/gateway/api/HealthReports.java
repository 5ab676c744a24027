package io.containr.gateway.api;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.ServiceAddresses;
import io.containr.gateway.ServiceAddresses.Service;
import io.containr.gateway.route.RouteSource;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Asks the services how they are, at most once a second however often it is asked itself. */
final class HealthReports {

    private static final Logger log = LoggerFactory.getLogger(HealthReports.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ServiceAddresses services;
    private final RouteSource routes;
    private final HttpClient client;
    private final Mono<HealthReport> report;

    HealthReports(ServiceAddresses services, RouteSource routes, HttpClient client, GatewaySettings settings) {
        this.services = services;
        this.routes = routes;
        this.client = client;
        this.report = Flux.fromIterable(services.byName().entrySet())
                .flatMap(service ->
                        state(service.getKey(), service.getValue()).map(state -> Map.entry(service.getKey(), state)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue, TreeMap::new)
                .map(states -> report(settings.version(), states))
                .cache(PATIENCE);
    }

    Mono<HealthReport> current() {
        return report;
    }

    private HealthReport report(String version, Map<String, String> states) {
        boolean degraded = services.byName().entrySet().stream()
                .anyMatch(service -> service.getValue().required() && !"up".equals(states.get(service.getKey())));
        return new HealthReport(
                degraded ? "degraded" : "ok",
                "containr-api",
                version,
                states,
                new HealthReport.Routes(routes.hosts(), routes.isCurrent()));
    }

    private Mono<String> state(String name, Service service) {
        return client.get()
                .uri(service.uri().resolve("/actuator/health/readiness"))
                .response()
                .map(response -> response.status().code() == 200 ? "up" : "down")
                .timeout(PATIENCE)
                .onErrorResume(failure -> {
                    log.debug("{} does not answer", name, failure);
                    return Mono.just("down");
                });
    }
}

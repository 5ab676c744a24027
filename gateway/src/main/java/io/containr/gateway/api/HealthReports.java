package io.containr.gateway.api;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.ServiceAddresses;
import io.containr.gateway.ServiceAddresses.Service;
import io.containr.gateway.route.RouteSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the services how they are, at most once a second however often it is asked itself. */
final class HealthReports {

    private static final Logger log = LoggerFactory.getLogger(HealthReports.class);
    private static final Duration SHOWN_FOR = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String UP = "up";
    private static final String DOWN = "down";
    private static final String ABSENT = "absent";

    private final ServiceAddresses services;
    private final RouteSource routes;
    private final HttpClient client;
    private final Mono<HealthReport> report;

    HealthReports(ServiceAddresses services, RouteSource routes, HttpClient client, GatewaySettings settings) {
        this.services = services;
        this.routes = routes;
        this.client = client;
        this.report = Flux.fromIterable(services.byName().entrySet())
                .flatMap(service -> states(service.getKey(), service.getValue()))
                .collect(() -> new TreeMap<String, String>(), Map::putAll)
                .map(states -> report(settings.version(), states))
                .cache(SHOWN_FOR);
    }

    Mono<HealthReport> current() {
        return report;
    }

    private HealthReport report(String version, Map<String, String> states) {
        return new HealthReport(
                states.containsValue(DOWN) ? "degraded" : HealthReport.OK,
                "containr-api",
                version,
                states,
                new HealthReport.Routes(routes.hosts(), routes.isCurrent()));
    }

    /** The service's own state, and by {@code service.part} that of each thing it leans on. */
    private Mono<Map<String, String>> states(String name, Service service) {
        return client.get()
                .uri(service.uri().resolve("/actuator/health/dependencies"))
                .responseSingle((response, body) -> body.asString().defaultIfEmpty("{}"))
                .timeout(PATIENCE)
                .map(body -> states(name, body))
                .onErrorResume(failure -> {
                    log.debug("{} does not answer", name, failure);
                    return Mono.just(Map.of(name, service.required() ? DOWN : ABSENT));
                });
    }

    private static Map<String, String> states(String name, String body) {
        JsonNode health = JsonMapper.shared().readTree(body);
        Map<String, String> states = new HashMap<>();
        states.put(name, state(health));
        health.path("components")
                .properties()
                .forEach(part -> states.put(name + "." + part.getKey(), state(part.getValue())));
        return states;
    }

    private static String state(JsonNode health) {
        return "UP".equals(health.path("status").asString()) ? UP : DOWN;
    }
}

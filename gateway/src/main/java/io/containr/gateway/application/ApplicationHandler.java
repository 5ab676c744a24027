package io.containr.gateway.application;

import io.containr.gateway.GatewaySettings;
import io.containr.gateway.edge.BodyLimit;
import io.containr.gateway.edge.Failures;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpMethod;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** One request to an application, from its head to the last byte of its answer. */
final class ApplicationHandler implements WebHandler {

    /** The HTTP client holds bodies of these methods in memory, which are unusual and small. */
    private static final DataSize UNUSUAL_BODY = DataSize.ofMegabytes(1);

    private final FilteringWebHandler filters;
    private final Route route;
    private final @Nullable DataSize maxRequestBody;

    ApplicationHandler(FilteringWebHandler filters, ApplicationFilter filter, GatewaySettings settings) {
        this.filters = filters;
        this.maxRequestBody = settings.applications().maxRequestBody();
        // The filter finds the address; the library wants one to start from.
        this.route = Route.async()
                .id("applications")
                .uri("http://application.invalid:80")
                .predicate(exchange -> true)
                .filter(filter)
                .build();
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, route);
        exchange.getAttributes().put(ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE, true);
        Passage passage = Passage.begin(exchange);
        return Mono.defer(() -> filters.handle(limited(exchange)))
                .onErrorMap(failure -> Failures.asAnswer(failure, "The application"))
                .doFinally(signal -> passage.end());
    }

    private ServerWebExchange limited(ServerWebExchange exchange) {
        HttpMethod method = exchange.getRequest().getMethod();
        if (method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.DELETE) {
            return BodyLimit.limited(exchange, UNUSUAL_BODY);
        }
        return maxRequestBody == null ? exchange : BodyLimit.limited(exchange, maxRequestBody);
    }
}

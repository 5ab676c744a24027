package io.containr.gateway.application;

import io.containr.gateway.edge.Visit;
import java.net.InetSocketAddress;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Takes every request for a host that is not the API's, before any other mapping sees it: paths such as {@code /health}
 * and preflights of browsers are the application's own there.
 */
final class ApplicationMapping implements HandlerMapping, Ordered {

    private final ApplicationHandler handler;
    private final int managementPort;

    ApplicationMapping(ApplicationHandler handler, int managementPort) {
        this.handler = handler;
        this.managementPort = managementPort;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        return Visit.of(exchange).api() || isManagement(exchange) ? Mono.empty() : Mono.just(handler);
    }

    private boolean isManagement(ServerWebExchange exchange) {
        InetSocketAddress local = exchange.getRequest().getLocalAddress();
        return local != null && local.getPort() == managementPort;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}

package io.containr.gateway.application;

import io.containr.gateway.edge.Visit;
import java.net.InetSocketAddress;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Takes every request for a host that is not the API's, before anything else of this server sees it: paths such as
 * {@code /health} are the application's own there, and so are preflights of browsers, which the dispatcher would answer
 * by itself.
 */
final class ApplicationGate implements WebFilter, Ordered, ApplicationListener<WebServerInitializedEvent> {

    private final ApplicationHandler handler;
    private volatile int managementPort;

    ApplicationGate(ApplicationHandler handler) {
        this.handler = handler;
    }

    /** The port for operators goes through the same filters, but has no applications. */
    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if ("management".equals(event.getApplicationContext().getServerNamespace())) {
            managementPort = event.getWebServer().getPort();
        }
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Visit.of(exchange).api() || isManagement(exchange) ? chain.filter(exchange) : handler.handle(exchange);
    }

    private boolean isManagement(ServerWebExchange exchange) {
        InetSocketAddress local = exchange.getRequest().getLocalAddress();
        return local != null && local.getPort() == managementPort;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }
}

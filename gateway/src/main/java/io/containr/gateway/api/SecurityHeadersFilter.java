package io.containr.gateway.api;

import io.containr.gateway.edge.Visit;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** What a browser must not do with an answer of the API. Applications decide that for themselves. */
final class SecurityHeadersFilter implements WebFilter, Ordered {

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Visit visit = Visit.of(exchange);
        if (!visit.api()) {
            return chain.filter(exchange);
        }
        HttpHeaders headers = exchange.getResponse().getHeaders();
        exchange.getResponse().beforeCommit(() -> {
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("X-Frame-Options", "DENY");
            headers.set("Referrer-Policy", "no-referrer");
            setIfAbsent(headers, "Content-Security-Policy", NOTHING);
            setIfAbsent(headers, HttpHeaders.CACHE_CONTROL, "no-store");
            if (visit.scheme().equals("https")) {
                headers.set("Strict-Transport-Security", "max-age=31536000");
            }
            return Mono.empty();
        });
        return chain.filter(exchange);
    }

    private static void setIfAbsent(HttpHeaders headers, String name, String value) {
        if (!headers.containsHeader(name)) {
            headers.set(name, value);
        }
    }

    @Override
    public int getOrder() {
        return ApiFilters.SECURITY_HEADERS;
    }
}

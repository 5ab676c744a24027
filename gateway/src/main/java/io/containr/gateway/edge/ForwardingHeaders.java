package io.containr.gateway.edge;

import java.util.Locale;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Tells whoever is behind us who asked and how; what the client itself said about that goes no further. */
final class ForwardingHeaders implements HttpHeadersFilter, Ordered {

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        Visit visit = Visit.of(exchange);
        HttpHeaders headers = new HttpHeaders();
        input.forEach((name, values) -> {
            if (!isForwarding(name)) {
                headers.addAll(name, values);
            }
        });
        headers.set("X-Forwarded-For", visit.client());
        headers.set("X-Forwarded-Proto", visit.scheme());
        headers.set("X-Forwarded-Host", visit.authority());
        headers.set("X-Real-IP", visit.client());
        headers.set("X-Request-Id", visit.id().toString());
        return headers;
    }

    private static boolean isForwarding(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        // The expectation is met by this server, which asks the client for the body when somebody reads it.
        return lower.startsWith("x-forwarded-") || lower.equals("forwarded") || lower.equals("expect");
    }

    /** After the filters of the library, which take such headers away. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}

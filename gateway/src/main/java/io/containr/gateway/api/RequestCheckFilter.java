package io.containr.gateway.api;

import io.containr.gateway.edge.BodyLimit;
import io.containr.gateway.edge.GatewayException;
import io.containr.gateway.edge.Visit;
import io.containr.runtime.web.ErrorCode;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Limits bodies, and refuses paths that a service could read differently from the gateway: dot segments, encoded
 * separators, path parameters.
 */
final class RequestCheckFilter implements WebFilter, Ordered {

    private static final Pattern AMBIGUOUS = Pattern.compile(
            "//|/\\.{1,2}(/|$)|[;\\\\]|%(2e|2f|5c|25|3b|0[0-9a-f]|1[0-9a-f])", Pattern.CASE_INSENSITIVE);

    private final DataSize maxRequestBody;

    RequestCheckFilter(DataSize maxRequestBody) {
        this.maxRequestBody = maxRequestBody;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!Visit.of(exchange).api()) {
            return chain.filter(exchange);
        }
        if (AMBIGUOUS.matcher(exchange.getRequest().getURI().getRawPath()).find()) {
            throw new GatewayException(ErrorCode.VALIDATION, "Invalid path");
        }
        return chain.filter(BodyLimit.limited(exchange, maxRequestBody));
    }

    @Override
    public int getOrder() {
        return ApiFilters.REQUEST_CHECKS;
    }
}

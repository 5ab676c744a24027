package io.containr.gateway.edge;

import java.util.Objects;
import java.util.UUID;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is known of a request before anything is decided about it.
 *
 * @param id passed on and returned as {@code X-Request-Id}
 * @param host lower case, without a port; empty where the client named none
 * @param api whether it is for Containr's API rather than for an application
 * @param client address of the client, as far as it can be believed
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param authority host and port as the client sees them
 */
public record Visit(UUID id, String host, boolean api, String client, String scheme, String authority) {

    private static final String ATTRIBUTE = Visit.class.getName();

    /** Set by the first filter; a request without one never gets this far. */
    public static Visit of(ServerWebExchange exchange) {
        return Objects.requireNonNull(exchange.getAttribute(ATTRIBUTE), "not a request through the gateway");
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}

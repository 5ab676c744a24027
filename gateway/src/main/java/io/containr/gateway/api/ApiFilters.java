package io.containr.gateway.api;

import org.springframework.core.Ordered;

/** The order in which the API's own filters see a request. */
final class ApiFilters {

    static final int SECURITY_HEADERS = Ordered.HIGHEST_PRECEDENCE + 10;
    static final int CORS = Ordered.HIGHEST_PRECEDENCE + 20;
    static final int RATE_LIMIT = Ordered.HIGHEST_PRECEDENCE + 30;
    static final int REQUEST_CHECKS = Ordered.HIGHEST_PRECEDENCE + 40;

    private ApiFilters() {}
}

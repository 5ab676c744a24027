package io.containr.gateway.application;

import io.containr.gateway.edge.BodyLimit;
import io.containr.gateway.edge.Failures;
import io.containr.gateway.edge.GatewayException;
import io.containr.gateway.edge.Visit;
import io.containr.gateway.route.HostRoute;
import io.containr.gateway.route.RouteTable;
import io.containr.gateway.route.Upstream;
import io.containr.runtime.web.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Finds the instance for a request by the route in force at that moment. A connection that does not come about is tried
 * once more on another instance, and where none can be reached again for a while, each time by the route of that moment;
 * a safe request without a body whose connection broke before the answer is tried once more. Nothing else is ever sent
 * twice.
 */
final class ApplicationFilter implements GatewayFilter, Ordered {

    private static final int ATTEMPTS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final RouteTable table;
    private final WebSocketRelay webSockets;
    private final ResponseTimeout timeout;
    private final Duration avoidFor;
    private final Duration reachWithin;

    ApplicationFilter(
            RouteTable table,
            WebSocketRelay webSockets,
            ResponseTimeout timeout,
            Duration avoidFor,
            Duration reachWithin) {
        this.table = table;
        this.webSockets = webSockets;
        this.timeout = timeout;
        this.avoidFor = avoidFor;
        this.reachWithin = reachWithin;
    }

    /** After the library made a URL of the route, which is overwritten here. */
    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        long begin = System.nanoTime();
        return Mono.defer(() -> attempt(exchange, chain))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(failure -> Failures.isUnreached(failure)
                                && !exchange.getResponse().isCommitted()
                                && System.nanoTime() - begin < reachWithin.toNanos())
                        .doBeforeRetry(signal -> ServerWebExchangeUtils.reset(exchange)));
    }

    private Mono<Void> attempt(ServerWebExchange exchange, GatewayFilterChain chain) {
        HostRoute route = route(exchange);
        Upstream upstream = route.choose(List.of())
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.DEPENDENCY_UNAVAILABLE, "No instance of the application is running"));
        return forward(exchange, chain, upstream)
                .onErrorResume(failure -> again(exchange, chain, upstream, failure, ATTEMPTS - 1));
    }

    private HostRoute route(ServerWebExchange exchange) {
        return table.find(Visit.of(exchange).host())
                .orElseThrow(() -> table.isKnown()
                        ? new GatewayException(ErrorCode.NOT_FOUND, "No application has this host name")
                        : new GatewayException(ErrorCode.DEPENDENCY_UNAVAILABLE, "Routes are not known yet"));
    }

    private Mono<Void> again(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Upstream failed,
            Throwable failure,
            int attemptsLeft) {
        if (attemptsLeft == 0 || exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        Optional<Upstream> next;
        ServerWebExchange retried = exchange;
        if (Failures.isUnreached(failure)) {
            failed.avoid(avoidFor);
            next = route(exchange).choose(List.of(failed));
        } else if (Failures.isBroken(failure) && isRepeatable(exchange.getRequest())) {
            HostRoute route = route(exchange);
            next = route.choose(List.of(failed)).or(() -> route.choose(List.of()));
            retried = withoutBody(exchange);
        } else {
            return Mono.error(failure);
        }
        if (next.isEmpty()) {
            return Mono.error(failure);
        }
        Upstream upstream = next.get();
        ServerWebExchange attempt = retried;
        ServerWebExchangeUtils.reset(attempt);
        return forward(attempt, chain, upstream)
                .onErrorResume(repeated -> again(attempt, chain, upstream, repeated, attemptsLeft - 1));
    }

    private Mono<Void> forward(ServerWebExchange exchange, GatewayFilterChain chain, Upstream upstream) {
        Passage.of(exchange).through(upstream);
        ServerHttpRequest request = exchange.getRequest();
        if ("websocket".equalsIgnoreCase(request.getHeaders().getUpgrade())) {
            return webSockets.relay(exchange, upstream).doOnSuccess(done -> upstream.reached());
        }
        exchange.getAttributes()
                .put(
                        ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR,
                        URI.create("http://" + target(request, upstream)));
        return timeout.guard(exchange, chain::filter).doOnSuccess(done -> upstream.reached());
    }

    /** Address, path and query, the latter two exactly as the client wrote them. */
    static String target(ServerHttpRequest request, Upstream upstream) {
        URI uri = request.getURI();
        String query = uri.getRawQuery();
        String path = uri.getRawPath();
        return upstream.authority() + (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    private static boolean isRepeatable(ServerHttpRequest request) {
        return SAFE.contains(request.getMethod()) && !BodyLimit.hasBody(request);
    }

    private static ServerWebExchange withoutBody(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(new ServerHttpRequestDecorator(exchange.getRequest()) {
                    @Override
                    public Flux<DataBuffer> getBody() {
                        return Flux.empty();
                    }
                })
                .build();
    }
}

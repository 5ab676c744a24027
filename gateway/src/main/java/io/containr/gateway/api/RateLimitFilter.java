package io.containr.gateway.api;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.containr.gateway.GatewaySettings.Limit;
import io.containr.gateway.GatewaySettings.RateLimits;
import io.containr.gateway.edge.GatewayException;
import io.containr.gateway.edge.Networks;
import io.containr.gateway.edge.Visit;
import io.containr.runtime.web.ErrorCode;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Token buckets for requests to the API: one per client address, one per access token, and a small one for attempts to
 * get a token. Tokens are not checked here, so a made-up one gains nothing: the address is limited all the same.
 */
final class RateLimitFilter implements WebFilter, Ordered {

    private static final Set<String> LOGINS =
            Set.of("/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh");

    private final Networks exempt;
    private final LoadingCache<String, Bucket> addresses;
    private final LoadingCache<String, Bucket> tokens;
    private final LoadingCache<String, Bucket> logins;

    RateLimitFilter(RateLimits limits) {
        this.exempt = Networks.of(limits.exempt());
        this.addresses = buckets(limits.address());
        this.tokens = buckets(limits.token());
        this.logins = buckets(limits.login());
    }

    private static LoadingCache<String, Bucket> buckets(Limit limit) {
        // A bucket nobody used for as long as it takes to fill is the same as a new one.
        long periods = Math.ceilDiv(limit.burst(), limit.requests());
        return Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterAccess(limit.per().multipliedBy(periods).plus(Duration.ofMinutes(1)))
                .build(key -> Bucket.builder()
                        .addLimit(bandwidth ->
                                bandwidth.capacity(limit.burst()).refillGreedy(limit.requests(), limit.per()))
                        .build());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Visit visit = Visit.of(exchange);
        if (!visit.api() || exempt.contains(visit.client())) {
            return chain.filter(exchange);
        }
        take(exchange, addresses.get(visit.client()));
        if (LOGINS.contains(exchange.getRequest().getURI().getPath())) {
            take(exchange, logins.get(visit.client()));
        }
        String token = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (token != null) {
            take(exchange, tokens.get(digest(token)));
        }
        return chain.filter(exchange);
    }

    private static void take(ServerWebExchange exchange, @Nullable Bucket bucket) {
        if (bucket == null) {
            return;
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
            throw new GatewayException(ErrorCode.RATE_LIMITED, "Too many requests; try again in " + seconds + " s");
        }
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int getOrder() {
        return ApiFilters.RATE_LIMIT;
    }
}

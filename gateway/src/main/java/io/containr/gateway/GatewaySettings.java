package io.containr.gateway;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the gateway.
 *
 * @param directory where it keeps its id and the last routes
 * @param id which gateway this is; null: made at first start and kept in the directory
 * @param version of the platform, as health tells it
 * @param apiHosts hosts that mean the API; an IP address always does. Every other host is an application's
 * @param clientSilence how long a client may be silent in the middle of sending a request; streams of answers and
 *     WebSockets know no such limit
 * @param trustedProxies networks (CIDR or single addresses) whose {@code X-Forwarded-*} headers are believed
 */
@Validated
@ConfigurationProperties(prefix = "containr.gateway", ignoreUnknownFields = false)
public record GatewaySettings(
        @NotNull Path directory,
        @Nullable String id,
        @NotBlank String version,
        @DefaultValue("localhost") Set<String> apiHosts,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("60s") Duration clientSilence,
        @DefaultValue @Valid Routes routes,
        @DefaultValue @Valid Applications applications,
        @NotNull @Valid Api api) {

    /**
     * @param aliveEvery how often it says that it can read the route table
     * @param saveAfter how long changes are gathered before they are written to disk
     * @param delay how long a new route is held back, for tests and benchmarks of late routes alone
     */
    public record Routes(
            @DefaultValue("2s") Duration aliveEvery,
            @DefaultValue("100ms") Duration saveAfter,
            @DefaultValue("0s") Duration delay) {}

    /**
     * @param responseTimeout longest wait for the head of an answer, counted from the last byte of the request; an
     *     answer that began is never cut
     * @param avoidFor how long an instance that could not be reached comes last
     * @param reachWithin how long a request waits while no instance can be reached, such as one that is started anew
     * @param maxRequestBody null: no limit
     * @param maxWebSocketFrame the largest frame that is passed on
     */
    public record Applications(
            @DefaultValue("60s") Duration responseTimeout,
            @DefaultValue("2s") Duration avoidFor,
            @DefaultValue("5s") Duration reachWithin,
            @Nullable DataSize maxRequestBody,
            @DefaultValue("16MB") DataSize maxWebSocketFrame) {}

    /**
     * @param responseTimeout longest wait for the head of an answer; logs that are followed have none
     * @param corsOrigins origins whose pages may call the API; none by default
     */
    public record Api(
            @DefaultValue("30s") Duration responseTimeout,
            @DefaultValue("10MB") DataSize maxRequestBody,
            @DefaultValue List<String> corsOrigins,
            @NotNull @Valid RateLimits rateLimits) {}

    /**
     * @param exempt networks that are not limited, such as this machine
     * @param address for all requests of one client address
     * @param token for all requests with one access token
     * @param login for attempts to log in, register or refresh of one client address
     */
    public record RateLimits(
            @DefaultValue({"127.0.0.0/8", "::1/128"}) List<String> exempt,
            @NotNull @Valid Limit address,
            @NotNull @Valid Limit token,
            @NotNull @Valid Limit login) {}

    /**
     * A token bucket.
     *
     * @param requests what flows in per period
     * @param burst how many requests may come at once
     */
    public record Limit(
            @Positive long requests,
            @NotNull Duration per,
            @Positive long burst) {}
}

package io.containr.deploy;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of deploy-service.
 *
 * @param appsDomain domain below which every routed service gets its host name
 * @param appsScheme scheme of the URLs shown to users
 * @param appsPort port of those URLs, null: the scheme's own
 * @param concurrency how many services this process reconciles at once
 * @param keptReleases how many releases of a service can be rolled back to
 */
@Validated
@ConfigurationProperties(prefix = "containr.deploy", ignoreUnknownFields = false)
public record DeployProperties(
        @Pattern(regexp = "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
        @DefaultValue("apps.localhost")
        String appsDomain,

        @Pattern(regexp = "https?") @DefaultValue("http") String appsScheme,
        @Nullable @Min(1) @Max(65535) Integer appsPort,
        @Min(1) @Max(256) @DefaultValue("8") int concurrency,
        @Min(1) @Max(1000) @DefaultValue("10") int keptReleases,
        @NotNull @DefaultValue("15s") Duration sweep,
        @Valid @DefaultValue Patience patience,
        @Valid @DefaultValue Logs logs,
        @Valid @DefaultValue Runs runs) {

    /**
     * How long each state may last before it ends with a reason.
     *
     * @param push how long the deployment of a push waits for another push before it asks for its build
     * @param build from the request of a build to its outcome
     * @param start from the request of an instance to its process running; the time to become healthy comes on top
     * @param route how long a gateway that lives may take to serve a new route
     * @param noGateway how long a deployment waits for any gateway to live
     * @param gatewayAlive how long a gateway counts as living after its last sign of life
     * @param drain how long an instance that had traffic goes on after the route left it
     * @param stopGrace from the stop signal to the kill
     * @param removal how long a removal may take, beyond drain and grace, before it is asked for again
     * @param unhealthy how long an instance that served may be unhealthy before another is started beside it
     * @param replacementPause the pause after the first replacement in a row; it doubles with each
     * @param longestReplacementPause where that doubling ends
     */
    public record Patience(
            @NotNull @DefaultValue("1s") Duration push,
            @NotNull @DefaultValue("30m") Duration build,
            @NotNull @DefaultValue("5m") Duration start,
            @NotNull @DefaultValue("2m") Duration route,
            @NotNull @DefaultValue("5m") Duration noGateway,
            @NotNull @DefaultValue("10s") Duration gatewayAlive,
            @NotNull @DefaultValue("10s") Duration drain,
            @NotNull @DefaultValue("30s") Duration stopGrace,
            @NotNull @DefaultValue("2m") Duration removal,
            @NotNull @DefaultValue("1m") Duration unhealthy,
            @NotNull @DefaultValue("5s") Duration replacementPause,
            @NotNull @DefaultValue("5m") Duration longestReplacementPause) {}

    /**
     * Runs of scheduled services.
     *
     * @param timeLimit how long one may last before it is stopped
     * @param makeUp how late one may still be started that nobody was there to start in time
     * @param kept how many of a service are kept
     */
    public record Runs(
            @NotNull @DefaultValue("1h") Duration timeLimit,
            @NotNull @DefaultValue("1h") Duration makeUp,
            @Min(1) @Max(10000) @DefaultValue("200") int kept) {}

    /**
     * What is kept of logs, and how they are followed.
     *
     * @param lines how many lines of a service are kept
     * @param age how long a line is kept
     * @param prune how often the rest goes
     * @param heartbeat how often a silent stream shows that it lives
     * @param look how often a follower looks for lines that another copy of this service stored
     */
    public record Logs(
            @Min(1) @DefaultValue("100000") int lines,
            @NotNull @DefaultValue("7d") Duration age,
            @NotNull @DefaultValue("1m") Duration prune,
            @NotNull @DefaultValue("15s") Duration heartbeat,
            @NotNull @DefaultValue("200ms") Duration look) {}
}

package io.containr.project;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of project-service, below {@code containr.project}.
 *
 * @param projectsPerOwner how many projects one user may own
 * @param servicesPerProject how many services one project may have
 * @param regions those a service may be placed in, as the agent knows them; empty: a service cannot name one
 * @param apiUrl where Git providers reach the API
 * @param databaseService where database-service answers, which makes the databases of templates
 */
@Validated
@ConfigurationProperties(prefix = "containr.project", ignoreUnknownFields = false)
public record ProjectSettings(
        @Positive int projectsPerOwner,
        @Positive int servicesPerProject,
        @DefaultValue List<String> regions,

        @NotNull @DefaultValue("http://localhost:8080/api/v1")
        URI apiUrl,

        @NotNull @DefaultValue("http://127.0.0.1:8105") URI databaseService,

        @Valid @DefaultValue Git git,
        @Valid @DefaultValue Webhooks webhooks) {

    /**
     * Deliveries of Git providers.
     *
     * @param bodyLimit larger ones are refused, and what they told is not known
     * @param tolerance how far the time that a delivery was signed with may lie from ours
     * @param remembered how long a delivery is known, so that it takes effect once
     * @param quietPeriod pushes that come sooner than this after another one, to whichever service, are told when it is over
     */
    public record Webhooks(
            @NotNull @DefaultValue("5MB") DataSize bodyLimit,
            @NotNull @DefaultValue("5m") Duration tolerance,
            @NotNull @DefaultValue("30d") Duration remembered,
            @NotNull @DefaultValue("1s") Duration quietPeriod) {}

    /**
     * How Git providers are spoken to.
     *
     * @param providersPerOwner how many one user may add
     * @param allowedPrivateHosts {@code host} or {@code host:port} that may be spoken to although their addresses are private, and
     *     without TLS
     * @param timeout how long all requests may take that one request to the API needs
     * @param maxRepositories how many repositories are listed; further ones are left out
     * @param apis where the API of a provider's cloud is, by the provider's name, if it is not where everybody finds it
     */
    public record Git(
            @Positive @DefaultValue("50") int providersPerOwner,
            @DefaultValue Set<String> allowedPrivateHosts,
            @NotNull @DefaultValue("20s") Duration timeout,
            @Positive @Max(100_000) @DefaultValue("1000") int maxRepositories,
            @DefaultValue Map<String, URI> apis) {}
}

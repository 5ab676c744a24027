package io.containr.gateway;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** Where the services behind the API are; the agent is only asked how it is. */
@Validated
@ConfigurationProperties(prefix = "containr.services", ignoreUnknownFields = false)
public record ServiceAddresses(
        @NotNull @Valid Service auth,
        @NotNull @Valid Service project,
        @NotNull @Valid Service build,
        @NotNull @Valid Service deploy,
        @NotNull @Valid Service database,
        @NotNull @Valid Service audit,
        @NotNull @Valid Service agent) {

    /** Every service by its name, such as {@code auth-service}. */
    public Map<String, Service> byName() {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put("auth-service", auth);
        services.put("project-service", project);
        services.put("build-service", build);
        services.put("deploy-service", deploy);
        services.put("database-service", database);
        services.put("audit-service", audit);
        services.put("proxmox-agent", agent);
        return services;
    }

    /**
     * @param uri scheme, host and port; paths are kept as they come
     * @param required whether Containr is degraded without it
     */
    public record Service(
            @NotNull URI uri, @DefaultValue("true") boolean required) {}
}

package io.containr.project.template;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the catalogue, as its file says it; the file is checked against a schema first.
 *
 * @param source what is known of the service's source ahead; null for a database
 * @param resources in the words of the API; null: the defaults of a service
 * @param buildConfig what else the API calls so; null: nothing
 */
record Template(
        String id,
        String name,
        String description,
        String category,
        String logo,
        Instant createdAt,
        Instant updatedAt,
        Resource resource,
        Config config,
        @Nullable Source source,
        @Nullable Resources resources,
        @Nullable BuildConfig buildConfig,
        List<Variable> variables) {

    Template {
        variables = List.copyOf(variables);
    }

    Optional<Variable> variable(String key) {
        return variables.stream().filter(variable -> variable.key().equals(key)).findFirst();
    }

    /** What deploying it makes. */
    enum Resource {
        @JsonProperty("service")
        SERVICE,
        @JsonProperty("database")
        DATABASE
    }

    /**
     * Contract: TemplateConfig.
     *
     * @param runtime what it is built for, or the image that runs
     * @param port what the application is told to listen on
     * @param environment variables of the application
     */
    record Config(
            String type,
            String runtime,
            @Nullable String buildCommand,
            @Nullable String startCommand,
            @Nullable Integer port,
            @Nullable String healthCheck,
            Map<String, String> environment,
            @Nullable String dockerfile) {

        Config {
            environment = Map.copyOf(environment);
        }
    }

    record Source(String type, @Nullable String image) {}

    record BuildConfig(@Nullable String volumePath) {}

    record Resources(
            @Nullable String cpu,
            @Nullable String memory,
            @Nullable String storage) {}

    /**
     * Contract: TemplateVariable.
     *
     * @param required must be given unless it has a default
     * @param secret stored as a secret; generated where it is neither given nor required
     * @param sets the field of a service that the value is for; null: the application's variable of that name
     */
    record Variable(
            String key,
            String label,
            @JsonProperty("default") @Nullable String defaultValue,
            boolean required,
            boolean secret,
            String description,
            @Nullable String sets) {}
}

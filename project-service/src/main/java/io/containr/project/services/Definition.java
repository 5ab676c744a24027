package io.containr.project.services;

import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user says about a service, but for values that are kept sealed.
 *
 * @param source null: not said yet, so that it cannot be deployed
 * @param builder nixpacks, dockerfile, image or railpack; null: found by looking at the source
 * @param buildCommand null: the builder's own
 * @param startCommand null: the image's own
 * @param watchPaths which changed paths a push must touch to be deployed; empty: any
 */
record Definition(
        String name,
        ServiceKind kind,
        @Nullable ServiceSource source,
        @Nullable String builder,
        @Nullable String buildCommand,
        @Nullable String startCommand,
        HealthCheck healthCheck,
        ResourceLimits resources,
        List<String> watchPaths) {

    /** Older rows say nothing of some parts. */
    @SuppressWarnings("NullAway")
    Definition {
        watchPaths = watchPaths == null ? List.of() : List.copyOf(watchPaths);
    }
}

package io.containr.project.services;

import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Schedule;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.Volume;
import io.containr.project.git.GitProviderId;
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
 * @param schedule of a cron service, null: not said yet
 * @param timeZone of the schedule, null: UTC
 * @param volumePath of a database service, null: where the platform puts it
 * @param gitProvider whose token the repository is fetched with; null: none
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
        List<String> watchPaths,
        @Nullable String schedule,
        @Nullable String timeZone,
        @Nullable String volumePath,
        @Nullable GitProviderId gitProvider) {

    private static final String USUAL_ZONE = "UTC";

    /** Older rows say nothing of some parts. */
    @SuppressWarnings("NullAway")
    Definition {
        watchPaths = watchPaths == null ? List.of() : List.copyOf(watchPaths);
    }

    /** When it runs; null where it does not by itself. */
    @Nullable
    Schedule plannedRuns() {
        return schedule == null ? null : new Schedule(schedule, timeZone == null ? USUAL_ZONE : timeZone);
    }

    /** Its disk that outlives instances; null where it has none. */
    @Nullable
    Volume volume() {
        return kind == ServiceKind.DATABASE ? new Volume(resources.toResources().diskMiB(), volumePath) : null;
    }

    /** What one instance may use. The storage of a database service is its volume's; its root disk is the usual one. */
    Resources instanceResources() {
        Resources all = resources.toResources();
        return kind == ServiceKind.DATABASE
                ? new Resources(all.cpuMillis(), all.memoryMiB(), Resources.DEFAULT.diskMiB())
                : all;
    }

    Definition withoutGitProvider() {
        return new Definition(
                name,
                kind,
                source,
                builder,
                buildCommand,
                startCommand,
                healthCheck,
                resources,
                watchPaths,
                schedule,
                timeZone,
                volumePath,
                null);
    }
}

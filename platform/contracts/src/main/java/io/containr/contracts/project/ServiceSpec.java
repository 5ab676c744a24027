package io.containr.contracts.project;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything others need to know of a service; each event carries the whole, so that the latest revision alone suffices.
 *
 * @param revision rises with every change; an older one is ignored
 * @param projectName for names derived from it
 * @param variables runtime variables, each sealed for this service
 * @param wanted whether instances should run
 * @param restarts rises by one with every request to restart
 * @param schedule of a {@link ServiceKind#CRON} service, else null
 * @param volume null: none
 * @param gitCredential null: the repository is fetched without
 * @param autoDeploy whether a push to the branch deploys the service, so that somebody has to see pushes; null: false
 * @param replicas how many instances serve at once, null: one
 * @param region where they are placed, null: anywhere
 */
public record ServiceSpec(
        ServiceId service,
        long revision,
        ProjectId project,
        UserId owner,
        String name,
        String projectName,
        ServiceKind kind,
        ServiceSource source,
        BuildSettings build,
        Resources resources,
        HealthCheck healthCheck,
        Map<String, Sealed> variables,
        Wanted wanted,
        long restarts,
        @Nullable Schedule schedule,
        @Nullable Volume volume,
        @Nullable GitCredential gitCredential,
        @Nullable Boolean autoDeploy,
        @Nullable Integer replicas,
        @Nullable String region) {

    public ServiceSpec {
        variables = Map.copyOf(variables);
    }

    /** The same with other variables, of its application and of its build. */
    public ServiceSpec withVariables(Map<String, Sealed> newVariables, Map<String, Sealed> newBuildVariables) {
        return new ServiceSpec(
                service,
                revision,
                project,
                owner,
                name,
                projectName,
                kind,
                source,
                new BuildSettings(build.builder(), build.buildCommand(), build.startCommand(), newBuildVariables),
                resources,
                healthCheck,
                newVariables,
                wanted,
                restarts,
                schedule,
                volume,
                gitCredential,
                autoDeploy,
                replicas,
                region);
    }

    /** Whether a push to the branch deploys the service. */
    public boolean deploysPushes() {
        return Boolean.TRUE.equals(autoDeploy);
    }

    /** How many instances serve at once. */
    public int instances() {
        return replicas == null ? 1 : replicas;
    }

    /** What a secret of a service is bound to: opening it for another service or name fails. */
    public static String sealedFor(ServiceId service, String variable) {
        return "service/" + service + "/variable/" + variable;
    }

    /** What a variable that a project's services share is bound to. */
    public static String sealedForShared(ProjectId project, String variable) {
        return "project/" + project + "/variable/" + variable;
    }

    /** Whether the owner wants instances at all. */
    public enum Wanted {
        RUNNING,
        STOPPED
    }
}

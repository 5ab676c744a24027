package io.containr.project.services;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.project.variables.Variable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service of a project. What its owner changes goes through the methods here and then {@link #changedAt}; status and URL
 * are deploy-service's word and no change of the service.
 *
 * @param environment variables of the build
 * @param variables of the application; they go before those of the build
 * @param revision rises with every change
 * @param restarts rises with every request to restart
 * @param url null before the first deployment, and for a service without a route
 * @param gitCredential what the repository is fetched with; null: nothing
 * @param deploysPushes whether pushes to its branch deploy it
 */
record Service(
        ServiceId id,
        Parent project,
        Definition definition,
        Map<String, Sealed> environment,
        Map<String, Variable> variables,
        Wanted wanted,
        long restarts,
        long revision,
        ServiceStatus status,
        @Nullable String url,
        @Nullable GitCredential gitCredential,
        boolean deploysPushes,
        Instant createdAt,
        Instant updatedAt) {

    /** Where a source was not said yet; whoever is asked to build it finds no repository. */
    private static final ServiceSource NO_SOURCE =
            new ServiceSource(ServiceSource.Type.GIT, null, null, null, null, null);

    Service {
        environment = Map.copyOf(environment);
        variables = Map.copyOf(variables);
    }

    /** What a service knows of its project. */
    record Parent(ProjectId id, UserId owner, String name) {}

    static Service create(
            ServiceId id,
            Parent project,
            Definition definition,
            Map<String, Sealed> environment,
            @Nullable GitCredential gitCredential,
            Instant now) {
        return new Service(
                id,
                project,
                definition,
                environment,
                Map.of(),
                Wanted.RUNNING,
                0,
                1,
                ServiceStatus.STOPPED,
                null,
                gitCredential,
                false,
                now,
                now);
    }

    Service redefined(Definition newDefinition, Map<String, Sealed> newEnvironment) {
        return copy(newDefinition, newEnvironment, variables, wanted, restarts, revision, updatedAt);
    }

    Service fetchedWith(@Nullable GitCredential newCredential) {
        return told(newCredential, deploysPushes);
    }

    Service deployingPushes(boolean deploys) {
        return told(gitCredential, deploys);
    }

    private Service told(@Nullable GitCredential newCredential, boolean newDeploysPushes) {
        return new Service(
                id,
                project,
                definition,
                environment,
                variables,
                wanted,
                restarts,
                revision,
                status,
                url,
                newCredential,
                newDeploysPushes,
                createdAt,
                updatedAt);
    }

    Service withoutGitProvider() {
        return redefined(definition.withoutGitProvider(), environment).fetchedWith(null);
    }

    Service withVariables(Map<String, Variable> newVariables) {
        return copy(definition, environment, newVariables, wanted, restarts, revision, updatedAt);
    }

    Service started() {
        return copy(definition, environment, variables, Wanted.RUNNING, restarts, revision, updatedAt);
    }

    Service stopped() {
        return copy(definition, environment, variables, Wanted.STOPPED, restarts, revision, updatedAt);
    }

    /** Restarting what is stopped is starting it. */
    Service restarted() {
        return switch (wanted) {
            case STOPPED -> started();
            case RUNNING -> copy(definition, environment, variables, Wanted.RUNNING, restarts + 1, revision, updatedAt);
        };
    }

    /** The next revision. */
    Service changedAt(Instant now) {
        return copy(definition, environment, variables, wanted, restarts, revision + 1, now);
    }

    private Service copy(
            Definition newDefinition,
            Map<String, Sealed> newEnvironment,
            Map<String, Variable> newVariables,
            Wanted newWanted,
            long newRestarts,
            long newRevision,
            Instant newUpdatedAt) {
        return new Service(
                id,
                project,
                newDefinition,
                newEnvironment,
                newVariables,
                newWanted,
                newRestarts,
                newRevision,
                status,
                url,
                gitCredential,
                deploysPushes,
                createdAt,
                newUpdatedAt);
    }

    /** What its application is given: variables of the build, overlaid by its own. */
    Map<String, Sealed> runtimeVariables() {
        Map<String, Sealed> runtime = new HashMap<>(environment);
        variables.forEach((name, variable) -> runtime.put(name, variable.value()));
        return runtime;
    }

    /** What other services learn of it. */
    ServiceSpec spec() {
        return new ServiceSpec(
                id,
                revision,
                project.id(),
                project.owner(),
                definition.name(),
                project.name(),
                definition.kind(),
                definition.source() == null ? NO_SOURCE : definition.source(),
                new BuildSettings(
                        definition.builder(), definition.buildCommand(), definition.startCommand(), environment),
                definition.instanceResources(),
                definition.healthCheck(),
                runtimeVariables(),
                wanted,
                restarts,
                definition.plannedRuns(),
                definition.volume(),
                gitCredential,
                deploysPushes,
                definition.resources().instances(),
                definition.resources().region());
    }
}

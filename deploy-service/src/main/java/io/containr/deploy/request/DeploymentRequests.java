package io.containr.deploy.request;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import io.containr.contracts.project.ServiceSpec;
import io.containr.contracts.project.ServiceSpec.Wanted;
import io.containr.deploy.deployment.Deployment;
import io.containr.deploy.deployment.DeploymentStatus;
import io.containr.deploy.deployment.Deployments;
import io.containr.deploy.deployment.Trigger;
import io.containr.deploy.release.ReleaseFactory;
import io.containr.deploy.release.ReleaseFactory.UnusableSpecException;
import io.containr.deploy.release.Releases;
import io.containr.deploy.rollout.DeploymentControl;
import io.containr.deploy.variable.UnresolvedVariablesException;
import io.containr.deploy.variable.VariableResolution;
import io.containr.runtime.directory.ProjectDirectory;
import io.containr.runtime.secrets.SecretBox;
import io.containr.runtime.security.Actor;
import io.containr.runtime.variables.ProvidedVariables;
import io.containr.runtime.web.ApiException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Deployments as users ask for them; refuses what cannot be done, with the reason. */
@Service
public class DeploymentRequests {

    private static final String OVERRIDES = "env_vars.";

    private final ProjectDirectory directory;
    private final Deployments deployments;
    private final Releases releases;
    private final ReleaseFactory releaseFactory;
    private final VariableResolution variables;
    private final DeploymentControl control;
    private final SecretBox secrets;

    DeploymentRequests(
            ProjectDirectory directory,
            Deployments deployments,
            Releases releases,
            ReleaseFactory releaseFactory,
            VariableResolution variables,
            DeploymentControl control,
            SecretBox secrets) {
        this.directory = directory;
        this.deployments = deployments;
        this.releases = releases;
        this.releaseFactory = releaseFactory;
        this.variables = variables;
        this.control = control;
        this.secrets = secrets;
    }

    /**
     * What to deploy.
     *
     * @param branch null: the source's own
     * @param commitHash null: the branch's head
     * @param variables override the service's, for this deployment and rollbacks to it
     */
    public record NewDeployment(
            Trigger trigger,
            @Nullable String branch,
            @Nullable String commitHash,
            Map<String, String> variables) {

        public NewDeployment {
            variables = Map.copyOf(variables);
        }
    }

    /** @throws ApiException NOT_FOUND, VALIDATION or CONFLICT */
    public Deployment deploy(ServiceId service, NewDeployment wanted, Actor actor) {
        ServiceSpec spec = running(directory.latest(service, actor));
        if (wanted.trigger() == Trigger.RESTART) {
            return restart(spec, wanted);
        }
        checkSource(spec.source(), wanted);
        checkNames(wanted.variables());
        if (spec.kind() == ServiceKind.CRON && spec.schedule() == null) {
            throw ApiException.conflict("The service has no schedule; set build_config.schedule first");
        }
        ServiceSpec asked = withOverrides(spec, wanted.variables());
        try {
            releaseFactory.check(variables.tryOut(asked, actor));
        } catch (UnresolvedVariablesException e) {
            throw ApiException.invalid(asWritten(e.fields(), wanted.variables()));
        } catch (UnusableSpecException e) {
            throw ApiException.invalid(e.field(), e.problem());
        }
        return control.deploy(asked, wanted.trigger(), Deployment.Source.build(wanted.branch(), wanted.commitHash()));
    }

    private static void checkNames(Map<String, String> overrides) {
        Map<String, String> wrong = new TreeMap<>();
        overrides.keySet().stream()
                .filter(ProvidedVariables::isReserved)
                .forEach(name -> wrong.put(
                        OVERRIDES + name,
                        "must not begin with " + ProvidedVariables.RESERVED_PREFIX + ", which the platform's own do"));
        if (!wrong.isEmpty()) {
            throw ApiException.invalid(wrong);
        }
    }

    /** Under the names by which the request, or the service, has them. */
    private static Map<String, String> asWritten(Map<String, String> fields, Map<String, String> overrides) {
        Map<String, String> written = new TreeMap<>();
        fields.forEach((field, problem) -> {
            String name = field.substring(field.indexOf('.') + 1);
            boolean override = field.startsWith(VariableResolution.VARIABLES + ".") && overrides.containsKey(name);
            written.put(override ? OVERRIDES + name : field, problem);
        });
        return written;
    }

    private Deployment restart(ServiceSpec spec, NewDeployment wanted) {
        Map<String, String> wrong = new TreeMap<>();
        if (wanted.branch() != null) {
            wrong.put("branch", "cannot be chosen for a restart, which builds nothing");
        }
        if (wanted.commitHash() != null) {
            wrong.put("commit_hash", "cannot be chosen for a restart, which builds nothing");
        }
        if (!wanted.variables().isEmpty()) {
            wrong.put("env_vars", "cannot be changed by a restart, which starts the same release again");
        }
        if (!wrong.isEmpty()) {
            throw ApiException.invalid(wrong);
        }
        ReleaseId release = control.servingRelease(spec.service())
                .orElseThrow(() -> ApiException.conflict("Nothing to restart: the service was never deployed"));
        return control.deploy(
                spec,
                Trigger.RESTART,
                Deployment.Source.release(release, releases.get(release).commit(), null));
    }

    /** @throws ApiException NOT_FOUND, or CONFLICT where it never served or its image is no longer kept */
    public Deployment rollback(DeploymentId id, Actor actor) {
        Deployment target = find(id, actor);
        ServiceSpec spec = running(directory.latest(target.service(), actor));
        ReleaseId release = target.release();
        if (target.status() != DeploymentStatus.DEPLOYED || release == null) {
            throw ApiException.conflict("Only a deployment that was deployed can be rolled back to; this one is "
                    + target.status().word());
        }
        if (!releases.isRetained(release)) {
            throw ApiException.conflict("Its image is no longer kept; deploy its commit again instead");
        }
        return control.deploy(
                spec,
                Trigger.ROLLBACK,
                Deployment.Source.release(release, releases.get(release).commit(), target.id()));
    }

    /** @throws ApiException NOT_FOUND, or CONFLICT where it has ended */
    public Deployment cancel(DeploymentId id, Actor actor) {
        Deployment deployment = find(id, actor);
        return control.cancel(deployment, "Cancelled on request.")
                .orElseThrow(() -> ApiException.conflict("The deployment has ended already"));
    }

    /** @throws ApiException NOT_FOUND where there is none the actor may see */
    public Deployment find(DeploymentId id, Actor actor) {
        Deployment deployment = deployments.find(id).orElseThrow(() -> ApiException.notFound("Deployment"));
        if (!directory.maySee(deployment.service(), actor)) {
            throw ApiException.notFound("Deployment");
        }
        return deployment;
    }

    private static ServiceSpec running(ServiceSpec spec) {
        if (spec.wanted() == Wanted.STOPPED) {
            throw ApiException.conflict("The service is stopped; start it first");
        }
        return spec;
    }

    private static void checkSource(ServiceSource source, NewDeployment wanted) {
        boolean image = source.type() == ServiceSource.Type.IMAGE;
        String from = image ? source.image() : source.repository();
        if (from == null || from.isBlank()) {
            throw ApiException.conflict(
                    image
                            ? "The service has no image to deploy; set one first"
                            : "The service has no repository to deploy from; set one first");
        }
        if (image && wanted.branch() != null) {
            throw ApiException.invalid("branch", "has no meaning for a service that runs an image");
        }
        if (image && wanted.commitHash() != null) {
            throw ApiException.invalid("commit_hash", "has no meaning for a service that runs an image");
        }
    }

    private ServiceSpec withOverrides(ServiceSpec spec, Map<String, String> overrides) {
        Map<String, Sealed> variables = new HashMap<>(spec.variables());
        overrides.forEach((name, value) ->
                variables.put(name, secrets.seal(value, ServiceSpec.sealedFor(spec.service(), name))));
        return spec.withVariables(variables, spec.build().environment());
    }
}

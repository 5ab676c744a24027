package io.containr.contracts.build;

import io.containr.contracts.Sealed;
import io.containr.contracts.ids.BuildId;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.contracts.project.BuildSettings;
import io.containr.contracts.project.GitCredential;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.ServiceSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What build-service is asked to do; key is the service id. */
public sealed interface BuildCommand {

    BuildId build();

    /**
     * Build an image and push it, prepared to run. Asking twice with one build id is asking once.
     *
     * @param deployment the deployment that waits for it, null where a user asked for a build alone
     * @param branch overrides the source's branch
     * @param commit builds this commit, null: the branch's head
     * @param variables runtime variables offered to the build, sealed for the service
     * @param gitCredential what the repository is fetched with, null: nothing
     * @param kind which line of a Procfile is the service's own, null: that of {@code web}
     */
    record StartBuild(
            BuildId build,
            @Nullable DeploymentId deployment,
            ServiceId service,
            ProjectId project,
            UserId owner,
            ServiceSource source,
            BuildSettings settings,
            @Nullable String branch,
            @Nullable String commit,
            Map<String, Sealed> variables,
            @Nullable GitCredential gitCredential,
            @Nullable ServiceKind kind)
            implements BuildCommand {

        public StartBuild {
            variables = Map.copyOf(variables);
        }
    }

    /** Stop a build that nobody waits for any more; one that has ended stays as it is. */
    record CancelBuild(BuildId build, String reason) implements BuildCommand {}
}

package io.containr.deploy.release;

import io.containr.contracts.Sealed;
import io.containr.contracts.build.BuildEvent.Commit;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.ServiceKind;
import io.containr.contracts.project.Volume;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What exactly runs. Never changed once made, so that deploying it again brings back the same.
 *
 * @param madeBy the deployment that had it built
 * @param command overrides the image's own, null: the image's own
 * @param variables sealed for the service
 * @param port where it listens, null where it does not
 * @param healthCheck null where running suffices
 * @param region where its instances are placed, null: anywhere
 * @param volume with its path, handed from instance to instance; null: none
 */
public record Release(
        ReleaseId id,
        ServiceId service,
        DeploymentId madeBy,
        ServiceKind kind,
        PreparedImage image,
        @Nullable Commit commit,
        @Nullable List<String> command,
        Map<String, Sealed> variables,
        Resources resources,
        @Nullable Integer port,
        @Nullable HealthCheck healthCheck,
        @Nullable Volume volume,
        @Nullable String region) {

    public Release {
        command = command == null ? null : List.copyOf(command);
        variables = Map.copyOf(variables);
    }

    /** Whether requests of visitors reach it by a host name. */
    public boolean routed() {
        return kind.routed();
    }

    /** Whether it has instances that stay; a scheduled one starts them when its time comes. */
    public boolean runs() {
        return switch (kind) {
            case WEB, WORKER, DATABASE -> true;
            case CRON -> false;
        };
    }
}

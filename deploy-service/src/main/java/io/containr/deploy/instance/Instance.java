package io.containr.deploy.instance;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route.Target;
import io.containr.deploy.deployment.Phases;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica.
 *
 * @param wanted false once its removal was asked for
 * @param routed whether a route ever led to it
 * @param leaving whether another one, on another node, is to take its place
 * @param removalAt when its removal was last asked for
 * @param stateAt when the agent said so
 * @param failure set where it is FAILED or LOST
 * @param lastLines what its application wrote last before it failed
 * @param lastExit how its application ended last, in words, null while it never did
 */
public record Instance(
        InstanceId id,
        ServiceId service,
        DeploymentId deployment,
        long generation,
        boolean wanted,
        Instant createdAt,
        boolean routed,
        boolean leaving,
        @Nullable Instant removalAt,
        InstanceState state,
        Instant stateAt,
        @Nullable String address,
        @Nullable Integer port,
        @Nullable Failure failure,
        List<String> lastLines,
        @Nullable String lastExit,
        Phases phases) {

    public Instance {
        lastLines = List.copyOf(lastLines);
    }

    /** Where requests to it may go; null while that is not known. */
    public @Nullable Target target() {
        return address == null || port == null ? null : new Target(id, address, port);
    }

    /** It is to stay and passed its health check. */
    public boolean healthy() {
        return state == InstanceState.HEALTHY;
    }
}

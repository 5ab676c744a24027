package io.containr.contracts.agent;

import io.containr.contracts.Failure;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts from the proxmox-agent; key is the service id. */
public sealed interface AgentEvent {

    Instance instance();

    /** Whose fact it is. */
    record Instance(InstanceId id, ServiceId service, ProjectId project, DeploymentId deployment, long generation) {}

    /** Its guest runs; nothing is said about the application yet. */
    record InstanceStarted(Instance instance, String node, int vmid, String address) implements AgentEvent {}

    /**
     * It passed its health check, for the first time or again.
     *
     * @param port where it answers, null where it does not listen
     * @param phases how long each part took: pull, create, start, healthy
     */
    record InstanceBecameHealthy(
            Instance instance, String address, @Nullable Integer port, Map<String, Duration> phases)
            implements AgentEvent {

        public InstanceBecameHealthy {
            phases = Map.copyOf(phases);
        }
    }

    /** It was healthy and no longer is; the agent goes on looking. */
    record InstanceBecameUnhealthy(Instance instance, String reason) implements AgentEvent {}

    /**
     * Its application ended.
     *
     * @param exitCode null where a signal ended it
     * @param restarts how often it was restarted so far
     */
    record InstanceExited(
            Instance instance,
            @Nullable Integer exitCode,
            @Nullable String signal,
            int restarts) implements AgentEvent {}

    /**
     * It will not become what was asked for; the guest stays until it is told to go.
     *
     * @param lastLines the last lines the application wrote, oldest first
     */
    record InstanceFailed(Instance instance, Failure failure, List<String> lastLines) implements AgentEvent {

        public InstanceFailed {
            lastLines = List.copyOf(lastLines);
        }
    }

    /**
     * The hypervisor did something to its guest that was asked for, or refused to.
     *
     * @param type the hypervisor's own name of what was to be done, such as {@code vzstart}; {@code config}: a guest was to be
     *     given other limits, or, where somebody else had changed it, what was asked for
     * @param task the hypervisor's id of it, null where none was begun
     * @param outcome {@code OK}, or what the refusal means
     * @param message in the hypervisor's words; of {@code config}, what was different; null where there is nothing to say
     * @param took from the call to the end
     */
    record GuestTaskEnded(
            Instance instance,
            String node,
            int vmid,
            String type,
            @Nullable String task,
            String outcome,
            @Nullable String message,
            Duration took)
            implements AgentEvent {}

    /** It has the limits and the volume of this generation of it, and ran on meanwhile. */
    record InstanceResized(Instance instance) implements AgentEvent {}

    /**
     * It does not have the limits or the volume of this generation of it, and runs on as it was.
     *
     * @param triesAgain false: the hypervisor refuses them to a guest that runs, so that another instance is needed
     */
    record InstanceNotResized(Instance instance, Failure failure, boolean triesAgain) implements AgentEvent {}

    /** Its node is being emptied: another instance, which will be placed elsewhere, is to take its place; it runs until it is removed. */
    record InstanceMoveRequested(Instance instance, String node) implements AgentEvent {}

    /** It may stay where it is after all. */
    record InstanceMoveWithdrawn(Instance instance, String node) implements AgentEvent {}

    /** Guest, address and tokens are gone. Also said of an instance nobody knows when its removal is asked for. */
    record InstanceRemoved(Instance instance) implements AgentEvent {}
}

package io.containr.contracts.agent;

import io.containr.contracts.Sealed;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One replica, as it shall be.
 *
 * @param generation of the service's desired state; an older one is refused
 * @param name host name of the guest, a DNS label
 * @param region where to place it, null: anywhere
 * @param command overrides the image's entrypoint and command, null: the image's own
 * @param environment variables that are not secret, such as PORT
 * @param variables the user's variables, sealed for the service
 * @param port where it listens, null for a service that does not
 * @param healthCheck null: it is healthy once its process runs
 * @param stopGrace time between stop signal and kill
 * @param volume the service's one volume, handed from instance to instance; null: none
 * @param privateName by which the other services of the project reach it, a DNS label; null: not at all
 * @param once its command runs to its end and is not restarted, and {@link AgentEvent.InstanceExited} tells how it ended; null: false
 * @param isolated it reaches nothing but the agent, and nothing but the platform reaches it; null: false
 * @param admitted networks beside its project that reach it, IPv4 in CIDR notation; null: none
 */
public record InstanceSpec(
        InstanceId instance,
        ServiceId service,
        ProjectId project,
        DeploymentId deployment,
        long generation,
        String name,
        @Nullable String region,
        PreparedImage image,
        @Nullable List<String> command,
        Map<String, String> environment,
        Map<String, Sealed> variables,
        Resources resources,
        @Nullable Integer port,
        @Nullable HealthCheck healthCheck,
        Duration stopGrace,
        @Nullable Volume volume,
        @Nullable String privateName,
        @Nullable Boolean once,
        @Nullable Boolean isolated,
        @Nullable List<String> admitted) {

    private static final Pattern NETWORK = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}/([1-9]|[12]\\d|3[0-2])");

    public InstanceSpec {
        command = command == null ? null : List.copyOf(command);
        environment = Map.copyOf(environment);
        variables = Map.copyOf(variables);
        admitted = admitted == null ? null : List.copyOf(admitted);
        if (admitted != null
                && !admitted.stream()
                        .allMatch(network -> NETWORK.matcher(network).matches())) {
            throw new IllegalArgumentException("no IPv4 networks in CIDR notation: " + admitted);
        }
    }

    /** One that nobody but its project and the platform reaches. */
    public InstanceSpec(
            InstanceId instance,
            ServiceId service,
            ProjectId project,
            DeploymentId deployment,
            long generation,
            String name,
            @Nullable String region,
            PreparedImage image,
            @Nullable List<String> command,
            Map<String, String> environment,
            Map<String, Sealed> variables,
            Resources resources,
            @Nullable Integer port,
            @Nullable HealthCheck healthCheck,
            Duration stopGrace,
            @Nullable Volume volume,
            @Nullable String privateName,
            @Nullable Boolean once,
            @Nullable Boolean isolated) {
        this(
                instance,
                service,
                project,
                deployment,
                generation,
                name,
                region,
                image,
                command,
                environment,
                variables,
                resources,
                port,
                healthCheck,
                stopGrace,
                volume,
                privateName,
                once,
                isolated,
                null);
    }

    /** Whether it runs to its end instead of for ever. */
    public boolean runsOnce() {
        return Boolean.TRUE.equals(once);
    }

    /** The networks beside its project that reach it. */
    public List<String> admittedNetworks() {
        return admitted == null ? List.of() : admitted;
    }

    /** The same, with what a running guest can be given of another one: limits, the size of its volume, and who reaches it. */
    public InstanceSpec resized(InstanceSpec other) {
        Volume larger =
                volume == null || other.volume == null ? volume : new Volume(other.volume.sizeMiB(), volume.path());
        return new InstanceSpec(
                instance,
                service,
                project,
                deployment,
                other.generation,
                name,
                region,
                image,
                command,
                environment,
                variables,
                new Resources(other.resources.cpuMillis(), other.resources.memoryMiB(), resources.diskMiB()),
                port,
                healthCheck,
                stopGrace,
                larger,
                privateName,
                once,
                isolated,
                other.admitted);
    }

    /** Whether it is cut off from all but the platform. */
    public boolean runsIsolated() {
        return Boolean.TRUE.equals(isolated);
    }
}

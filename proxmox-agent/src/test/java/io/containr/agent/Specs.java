package io.containr.agent;

import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.contracts.project.Volume;
import io.containr.runtime.Ids;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Examples of what may be asked for. */
public final class Specs {

    private Specs() {}

    /** A small web server of an image of its own. */
    public static InstanceSpec web(String name, int port) {
        return web(name, port, image(name));
    }

    public static InstanceSpec web(String name, int port, PreparedImage image) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                new ServiceId(Ids.next()),
                new ProjectId(Ids.next()),
                new DeploymentId(Ids.next()),
                1,
                name,
                null,
                image,
                null,
                Map.of("PORT", Integer.toString(port)),
                Map.of(),
                new Resources(100, 16, 64),
                port,
                new HealthCheck(null, Duration.ofSeconds(20)),
                Duration.ofSeconds(2),
                null,
                null,
                false,
                null);
    }

    public static PreparedImage image(String name) {
        String hash = "%064x".formatted(Ids.next().getLeastSignificantBits());
        return new PreparedImage(
                "registry.test/" + name,
                hash,
                "sha256:" + hash,
                1000,
                new PreparedImage.Config(
                        List.of("/bin/server"), List.of(), Map.of(), "", "/", "SIGTERM", List.of(), List.of(), null));
    }

    /** The same with another health check. */
    public static InstanceSpec checked(InstanceSpec spec, HealthCheck check) {
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                spec.region(),
                spec.image(),
                spec.command(),
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                check,
                spec.stopGrace(),
                null,
                null,
                false,
                null);
    }

    /** The same with another command. */
    public static InstanceSpec running(InstanceSpec spec, List<String> command) {
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                spec.region(),
                spec.image(),
                command,
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                spec.healthCheck(),
                spec.stopGrace(),
                spec.volume(),
                null,
                false,
                null);
    }

    /** The same with a volume. */
    public static InstanceSpec keeping(InstanceSpec spec, Volume volume) {
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                spec.region(),
                spec.image(),
                spec.command(),
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                spec.healthCheck(),
                spec.stopGrace(),
                volume,
                null,
                false,
                null);
    }

    /** The next instance of the same service, by a newer deployment. */
    public static InstanceSpec successor(InstanceSpec spec, String name) {
        return another(spec, new DeploymentId(Ids.next()), spec.generation() + 1, name);
    }

    /** Another instance of the same deployment. */
    public static InstanceSpec replica(InstanceSpec spec, String name) {
        return another(spec, spec.deployment(), spec.generation(), name);
    }

    private static InstanceSpec another(InstanceSpec spec, DeploymentId deployment, long generation, String name) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                spec.service(),
                spec.project(),
                deployment,
                generation,
                name,
                spec.region(),
                spec.image(),
                spec.command(),
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                spec.healthCheck(),
                spec.stopGrace(),
                spec.volume(),
                null,
                false,
                null);
    }

    /** A newer generation with other limits, on a larger volume, for other callers. */
    public static InstanceSpec grown(
            InstanceSpec spec, long generation, Resources resources, @Nullable Integer volumeMiB, String... admitted) {
        return spec.resized(new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                generation,
                spec.name(),
                null,
                spec.image(),
                null,
                Map.of(),
                Map.of(),
                resources,
                null,
                null,
                Duration.ZERO,
                volumeMiB == null ? null : new Volume(volumeMiB, null),
                null,
                null,
                null,
                List.of(admitted)));
    }

    /** The same in another region. */
    public static InstanceSpec in(InstanceSpec spec, @Nullable String region) {
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                spec.generation(),
                spec.name(),
                region,
                spec.image(),
                spec.command(),
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                spec.healthCheck(),
                spec.stopGrace(),
                null,
                null,
                false,
                null);
    }

    /** The same of another generation. */
    public static InstanceSpec generation(InstanceSpec spec, long generation) {
        return new InstanceSpec(
                spec.instance(),
                spec.service(),
                spec.project(),
                spec.deployment(),
                generation,
                spec.name(),
                spec.region(),
                spec.image(),
                spec.command(),
                spec.environment(),
                spec.variables(),
                spec.resources(),
                spec.port(),
                spec.healthCheck(),
                spec.stopGrace(),
                null,
                null,
                false,
                null);
    }
}

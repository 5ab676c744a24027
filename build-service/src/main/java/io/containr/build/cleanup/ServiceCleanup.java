package io.containr.build.cleanup;

import io.containr.build.BuildProperties;
import io.containr.build.image.PushedManifests;
import io.containr.build.image.PushedManifests.Pushed;
import io.containr.build.image.RegistryManifests;
import io.containr.build.job.Build;
import io.containr.build.job.Builds;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.work.Next;
import io.containr.runtime.work.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Deletes a service's images that no release retains from the registry. An image that was young when the releases were
 * counted is left alone until they are counted again: it may just have been built, and its release not have been known. What
 * a build pushed and then prepared is of no use to any release. Of a deleted service everything goes.
 */
@Component
class ServiceCleanup {

    static final Duration BUILDS_STOP_WITHIN = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final Builds builds;
    private final PushedManifests pushed;
    private final RegistryManifests registry;
    private final ImagesOfScope images;
    private final Duration grace;
    private final Clock clock;

    ServiceCleanup(
            JdbcClient jdbc,
            Builds builds,
            PushedManifests pushed,
            RegistryManifests registry,
            ImagesOfScope images,
            BuildProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.builds = builds;
        this.pushed = pushed;
        this.registry = registry;
        this.images = images;
        this.grace = properties.cleanup().grace();
        this.clock = clock;
    }

    Next work(Work work) {
        ServiceId service = ServiceId.of(work.key());
        Optional<Retention> retention = retention(service);
        if (retention.isEmpty()) {
            return Next.done();
        }
        return retention.get().deleted() ? removeAll(service) : removeUnneeded(service, retention.get());
    }

    private Next removeAll(ServiceId service) {
        if (builds.hasUnfinished(service)) {
            return Next.after(BUILDS_STOP_WITHIN);
        }
        images.removeAll(Build.scopeOf(service));
        builds.deleteEnded(service);
        return Next.done();
    }

    private Next removeUnneeded(ServiceId service, Retention retention) {
        String repository = Build.scopeOf(service);
        Instant now = clock.instant();
        boolean someGoLater = false;
        for (Pushed manifest : pushed.of(repository)) {
            Instant old = manifest.at().plus(grace);
            boolean goes = switch (manifest.kind()) {
                case PREPARED -> !retention.digests().contains(manifest.digest()) && old.isBefore(retention.at());
                case BUILT -> !old.isAfter(now);
                case NAMED -> false;
            };
            if (goes) {
                registry.delete(repository, manifest.digest());
            }
            someGoLater |= manifest.kind() == PushedManifests.Kind.BUILT && !goes;
        }
        return someGoLater ? Next.after(grace) : Next.done();
    }

    private Optional<Retention> retention(ServiceId service) {
        return jdbc.sql("select digests, counted_at, deleted from image_retention where service_id = :service")
                .param("service", service.value())
                .query((rs, i) -> new Retention(
                        Set.of(rs.getString("digests").split(" ")),
                        rs.getTimestamp("counted_at").toInstant(),
                        rs.getBoolean("deleted")))
                .optional();
    }

    /** @param at when the releases were counted */
    private record Retention(Set<String> digests, Instant at, boolean deleted) {}
}

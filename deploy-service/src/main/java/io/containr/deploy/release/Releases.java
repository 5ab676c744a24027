package io.containr.deploy.release;

import io.containr.contracts.ids.ReleaseId;
import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.rows.Json;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stored releases. */
@Repository
public class Releases {

    private final JdbcClient jdbc;
    private final Json json;

    Releases(JdbcClient jdbc, Json json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    public void add(Release release, Instant now) {
        jdbc.sql("""
                insert into release (id, service_id, image_digest, content, created_at)
                values (:id, :service, :digest, :content, :now)""")
                .param("id", release.id().value())
                .param("service", release.service().value())
                .param("digest", release.image().digest())
                .param("content", json.write(release))
                .param("now", Timestamp.from(now))
                .update();
    }

    /** @throws IllegalStateException if there is none */
    public Release get(ReleaseId id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no release " + id));
    }

    public Optional<Release> find(ReleaseId id) {
        return jdbc.sql("select content from release where id = :id")
                .param("id", id.value())
                .query(String.class)
                .optional()
                .map(content -> json.read(content, Release.class));
    }

    /** The one that last began to serve. */
    public Optional<Release> lastDeployed(ServiceId service) {
        return jdbc.sql("""
                select content from release where service_id = :service and deployed_at is not null
                order by deployed_at desc, id desc limit 1""")
                .param("service", service.value())
                .query(String.class)
                .optional()
                .map(content -> json.read(content, Release.class));
    }

    /** Whether its image is kept, so that it can be deployed again. */
    public boolean isRetained(ReleaseId id) {
        return jdbc.sql("select retained from release where id = :id")
                .param("id", id.value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Several at once. */
    public Map<ReleaseId, Kept> summaries(Collection<ReleaseId> ids) {
        return jdbc
                .sql("select content, retained from release where id = any (:ids)")
                .param("ids", ids.stream().map(ReleaseId::value).toArray(UUID[]::new))
                .query((row, i) ->
                        new Kept(json.read(row.getString("content"), Release.class), row.getBoolean("retained")))
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableMap(kept -> kept.release().id(), kept -> kept));
    }

    public void markDeployed(ReleaseId id, Instant now) {
        jdbc.sql("update release set deployed_at = :now where id = :id")
                .param("now", Timestamp.from(now))
                .param("id", id.value())
                .update();
    }

    /**
     * Lets go of all but the latest that served and those still needed.
     *
     * @param needed by deployments that have not ended
     * @return digests of the images that stay
     */
    public Set<String> retain(ServiceId service, int latest, Collection<ReleaseId> needed) {
        UUID[] neededIds = needed.stream().map(ReleaseId::value).toArray(UUID[]::new);
        jdbc.sql("""
                update release set retained = false
                where service_id = :service and retained and id <> all (:needed) and id not in (
                    select id from release where service_id = :service and retained and deployed_at is not null
                    order by deployed_at desc, id desc limit :latest)""")
                .param("service", service.value())
                .param("needed", neededIds)
                .param("latest", latest)
                .update();
        return jdbc
                .sql("select distinct image_digest from release where service_id = :service and retained")
                .param("service", service.value())
                .query(String.class)
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableSet());
    }

    public void deleteAll(ServiceId service) {
        jdbc.sql("delete from release where service_id = :service")
                .param("service", service.value())
                .update();
    }

    /** @param retained whether its image is kept */
    public record Kept(Release release, boolean retained) {}
}

package io.containr.build.image;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which manifests this service put into the registry, so that it can take them out again. */
@Repository
public class PushedManifests {

    /** How repositories begin of what is built for a project and none of its services. */
    public static final String PROJECTS = "p/";

    private final JdbcClient jdbc;
    private final Clock clock;

    PushedManifests(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Notes a manifest, or that it was wanted once more. */
    public void record(String repository, String digest, Kind kind) {
        jdbc.sql("""
                insert into pushed_manifest (repository, digest, kind, pushed_at) values (:repository, :digest, :kind, :now)
                on conflict (repository, digest) do update set pushed_at = excluded.pushed_at""")
                .param("repository", repository)
                .param("digest", digest)
                .param("kind", kind.name())
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** All of a repository. */
    public List<Pushed> of(String repository) {
        return jdbc.sql("select digest, kind, pushed_at from pushed_manifest where repository = :repository")
                .param("repository", repository)
                .query((rs, i) -> new Pushed(
                        rs.getString("digest"),
                        Kind.valueOf(rs.getString("kind")),
                        rs.getTimestamp("pushed_at").toInstant()))
                .list();
    }

    /** All of the repositories below one. */
    List<InRepository> below(String repository) {
        return jdbc.sql("select repository, digest from pushed_manifest where starts_with(repository, :prefix)")
                .param("prefix", repository + "/")
                .query((rs, i) -> new InRepository(rs.getString("repository"), rs.getString("digest")))
                .list();
    }

    /** What builds without a service left behind before that time, apart from what has a name. */
    public List<InRepository> unnamedOfProjects(Instant before) {
        return jdbc.sql("""
                select repository, digest from pushed_manifest
                where starts_with(repository, :projects) and kind <> 'NAMED' and pushed_at < :before""")
                .param("projects", PROJECTS)
                .param("before", Timestamp.from(before))
                .query((rs, i) -> new InRepository(rs.getString("repository"), rs.getString("digest")))
                .list();
    }

    void forget(String repository, String digest) {
        jdbc.sql("delete from pushed_manifest where repository = :repository and digest = :digest")
                .param("repository", repository)
                .param("digest", digest)
                .update();
    }

    /** What a manifest is for. */
    public enum Kind {
        /** A build's result as the engine pushed it; of no use once it is prepared. */
        BUILT,
        /** What guests run. */
        PREPARED,
        /** What a user's build is called; stays until the name means another one, or its service goes. */
        NAMED
    }

    /** A manifest and the repository it is in. */
    public record InRepository(String repository, String digest) {}

    /** A manifest in a repository. */
    public record Pushed(String digest, Kind kind, Instant at) {}
}

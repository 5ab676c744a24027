package io.containr.build.branch;

import io.containr.build.branch.WatchedBranch.Moved;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.project.ServiceSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of watched branches. */
@Repository
class WatchedBranches {

    private static final String ELSEWHERE = """
            where watched_branch.repository <> excluded.repository
               or watched_branch.branch is distinct from excluded.branch""";

    private final JdbcClient jdbc;

    WatchedBranches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<WatchedBranch> find(ServiceId service) {
        return jdbc.sql("select * from watched_branch where service_id = :service")
                .param("service", service.value())
                .query(WatchedBranches::branch)
                .optional();
    }

    /** The service's branch; one that it had before is forgotten. */
    WatchedBranch open(ServiceId service, ServiceSource source) {
        put(service, source, null, ELSEWHERE);
        return find(service).orElseThrow();
    }

    /** Somebody told the head of the service's branch. */
    void told(ServiceId service, ServiceSource source, String head) {
        put(service, source, head, "");
    }

    private void put(ServiceId service, ServiceSource source, @Nullable String head, String condition) {
        jdbc.sql("""
                insert into watched_branch (service_id, repository, branch, head)
                values (:service, :repository, :branch, :head)
                on conflict (service_id) do update
                set repository = excluded.repository, branch = excluded.branch, head = excluded.head, moved_to = null,
                    moved_at = null, version = watched_branch.version + 1
                """ + condition)
                .param("service", service.value())
                .param("repository", source.repository())
                .param("branch", source.branch())
                .param("head", head)
                .update();
    }

    /** False where somebody told a head since it was read, or nobody watches it any more. */
    boolean update(WatchedBranch branch) {
        Moved moved = branch.moved();
        return jdbc.sql("""
                update watched_branch set head = :head, moved_to = :moved, moved_at = :at, failures = :failures
                where service_id = :service and version = :version""")
                        .param("head", branch.head())
                        .param("moved", moved == null ? null : moved.to())
                        .param("at", moved == null ? null : Timestamp.from(moved.at()))
                        .param("failures", branch.failures())
                        .param("service", branch.service().value())
                        .param("version", branch.version())
                        .update()
                == 1;
    }

    void forget(ServiceId service) {
        jdbc.sql("delete from watched_branch where service_id = :service")
                .param("service", service.value())
                .update();
    }

    private static WatchedBranch branch(ResultSet rs, int row) throws SQLException {
        String moved = rs.getString("moved_to");
        return new WatchedBranch(
                new ServiceId(rs.getObject("service_id", UUID.class)),
                rs.getString("repository"),
                rs.getString("branch"),
                rs.getString("head"),
                moved == null
                        ? null
                        : new Moved(moved, rs.getTimestamp("moved_at").toInstant()),
                rs.getInt("failures"),
                rs.getLong("version"));
    }
}

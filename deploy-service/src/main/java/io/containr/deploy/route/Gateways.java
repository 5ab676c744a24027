package io.containr.deploy.route;

import io.containr.runtime.rows.Rows;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What gateways last said. */
@Repository
public class Gateways {

    private final JdbcClient jdbc;

    Gateways(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that did not say they stopped, with what they serve of the host. */
    public List<Gateway> serving(@Nullable String host) {
        return jdbc.sql("""
                select g.id, g.alive_at, coalesce(s.generation, 0) as generation
                from gateway g left join route_served s on s.gateway = g.id and s.host = :host
                where not g.stopped order by g.id""")
                .param("host", host)
                .query((row, i) ->
                        new Gateway(row.getString("id"), Rows.instant(row, "alive_at"), row.getLong("generation")))
                .list();
    }

    /** Forgets what was served of a host that is no more. */
    public void forget(String host) {
        jdbc.sql("delete from route_served where host = :host")
                .param("host", host)
                .update();
    }

    /** Forgets gateways that have been silent since then: they will not come back under their names. */
    public void forgetSilent(Instant since) {
        jdbc.sql("delete from gateway where alive_at < :since")
                .param("since", Timestamp.from(since))
                .update();
        jdbc.sql("delete from route_served s where not exists (select 1 from gateway g where g.id = s.gateway)")
                .update();
    }
}

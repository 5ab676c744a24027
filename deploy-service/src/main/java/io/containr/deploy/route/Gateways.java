package io.containr.deploy.route;

import io.containr.deploy.Rows;
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
}

package io.containr.agent.instance;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Instances as operators of a node see them. */
@Component
public class OnNodes {

    private final JdbcClient jdbc;

    OnNodes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What becomes of an instance where its node is emptied. */
    public enum Stay {
        /** Another takes its place elsewhere. */
        MOVES,
        /** Its data are on the node, or it holds restored ones. */
        VOLUME,
        /** It runs once, and ends by itself. */
        RUN,
        /** It was told to go. */
        GOES
    }

    /**
     * An instance.
     *
     * @param guest its guest's number, 0 before it has one
     */
    public record Resident(UUID instance, UUID service, int guest, String phase, Stay stay) {}

    public int volumes(String node) {
        return jdbc.sql("select count(*) from volume where node = :node")
                .param("node", node)
                .query(Integer.class)
                .single();
    }

    public List<Resident> of(String node) {
        return jdbc.sql("""
                select id, service_id, coalesce(vmid, 0) as vmid, phase,
                       case when desired = 'REMOVED' then 'GOES'
                            when spec is null or jsonb_typeof(spec::jsonb -> 'volume') = 'object' then 'VOLUME'
                            when spec::jsonb ->> 'once' = 'true' then 'RUN'
                            else 'MOVES' end as stay
                from instance where node = :node and phase <> 'REMOVED' order by id""")
                .param("node", node)
                .query((row, i) -> new Resident(
                        row.getObject("id", UUID.class),
                        row.getObject("service_id", UUID.class),
                        row.getInt("vmid"),
                        row.getString("phase"),
                        Stay.valueOf(row.getString("stay"))))
                .list();
    }
}

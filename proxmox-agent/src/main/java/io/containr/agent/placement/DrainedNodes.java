package io.containr.agent.placement;

import io.containr.agent.proxmox.ClusterView;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Nodes that an operator empties: they take no new guests, and those that can leave do. */
@Repository
public class DrainedNodes {

    private final JdbcClient jdbc;
    private final Clock clock;

    DrainedNodes(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    public Set<String> names() {
        return Set.copyOf(
                jdbc.sql("select node from drained_node").query(String.class).list());
    }

    /** These and those that the cluster says are under maintenance, which comes to the same. */
    public Set<String> among(Collection<ClusterView.Node> nodes) {
        return Stream.concat(
                        names().stream(),
                        nodes.stream().filter(ClusterView.Node::maintenance).map(ClusterView.Node::name))
                .collect(Collectors.toUnmodifiableSet());
    }

    public void add(String node) {
        jdbc.sql("insert into drained_node (node, since) values (:node, :now) on conflict do nothing")
                .param("node", node)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    public void remove(String node) {
        jdbc.sql("delete from drained_node where node = :node")
                .param("node", node)
                .update();
    }
}

package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentDatabase;
import io.containr.runtime.Ids;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What is promised on nodes follows the instances, whoever moves them at the same time. */
class NodeLoadIT {

    private static final String SPEC = "{\"resources\": {\"memoryMiB\": %d, \"cpuMillis\": 100}}";

    private DriverManagerDataSource database;
    private JdbcClient jdbc;

    @BeforeEach
    void migrate() {
        database = AgentDatabase.fresh();
        jdbc = JdbcClient.create(database);
    }

    private UUID instance(String node, int memoryMiB) {
        UUID id = Ids.next();
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since, correlation_id,
                    spec, node)
                values (:id, :id, :id, :id, 1, 'RUNNING', 'PLACED', now(), :id, :spec, :node)""")
                .param("id", id)
                .param("spec", SPEC.formatted(memoryMiB))
                .param("node", node)
                .update();
        return id;
    }

    private void move(UUID instance, String node) {
        jdbc.sql("update instance set node = :node where id = :id")
                .param("node", node)
                .param("id", instance)
                .update();
    }

    /** The rows of both nodes are held by a third one until both moves wait: whoever then takes them crosswise never ends. */
    @Test
    void twoOppositeMovesAtTheSameTimeBothTakeEffect() throws Exception {
        UUID one = instance("n1", 10);
        UUID other = instance("n2", 300);
        try (Connection holding = database.getConnection();
                ExecutorService movers = Executors.newVirtualThreadPerTaskExecutor()) {
            holding.setAutoCommit(false);
            execute(holding, "select * from node_load order by node for update");
            CompletableFuture<?> there = CompletableFuture.runAsync(() -> move(one, "n2"), movers);
            CompletableFuture<?> back = CompletableFuture.runAsync(() -> move(other, "n1"), movers);
            await().until(() -> waiting() == 2);
            holding.commit();
            CompletableFuture.allOf(there, back).get();
        }
        assertThat(promised("n1")).isEqualTo(300);
        assertThat(promised("n2")).isEqualTo(10);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int waiting() {
        return jdbc.sql("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock' and query like 'update instance%'""").query(Integer.class).single();
    }

    @Test
    void movesThereAndBackAddUp() {
        List<UUID> all = List.of(instance("n1", 1), instance("n1", 2), instance("n2", 4));
        all.forEach(instance -> move(instance, "n3"));
        all.forEach(instance -> move(instance, "n1"));
        assertThat(promised("n1")).isEqualTo(7);
        assertThat(promised("n2")).isZero();
        assertThat(promised("n3")).isZero();
        jdbc.sql("delete from instance").update();
        assertThat(promised("n1")).isZero();
    }

    private int promised(String node) {
        return jdbc.sql("select memory_mib from node_load where node = :node")
                .param("node", node)
                .query(Integer.class)
                .single();
    }
}

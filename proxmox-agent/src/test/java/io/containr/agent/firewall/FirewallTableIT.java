package io.containr.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.AgentDatabase;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.runtime.Ids;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class FirewallTableIT {

    private static final String NEW = "10.9.0.9";

    private final ProjectId project = new ProjectId(Ids.next());
    private JdbcClient jdbc;
    private FirewallTable table;

    @BeforeEach
    void migrate() {
        jdbc = JdbcClient.create(AgentDatabase.fresh());
        table = new FirewallTable(jdbc);
    }

    @Test
    void anAddressIsStrangeUntilEveryHealthyGuestLetsItIn() {
        InstanceId first = guest(101, "10.9.0.1", "RUNNING");
        InstanceId second = guest(102, "10.9.0.2", "RUNNING");
        tell(first, "10.9.0.1", NEW);
        tell(second, "10.9.0.2");
        assertThat(table.isStrange(NEW, project)).isTrue();

        tell(second, "10.9.0.2", NEW);
        assertThat(table.isStrange(NEW, project)).isFalse();
    }

    /** One that drains learns of nobody new, so whoever is new must not wait for it. */
    @Test
    void whoeverGoesIsNeitherToldNorWaitedFor() {
        InstanceId stays = guest(101, "10.9.0.1", "RUNNING");
        InstanceId drains = guest(102, "10.9.0.2", "REMOVED");
        tell(stays, "10.9.0.1", "10.9.0.2", NEW);
        tell(drains, "10.9.0.1", "10.9.0.2");

        assertThat(table.told(project)).extracting(FirewallTable.Told::instance).containsExactly(stays);
        assertThat(table.isStrange(NEW, project)).isFalse();
    }

    private void tell(InstanceId instance, String... members) {
        table.tell(instance, project, List.of(members), List.of());
    }

    private InstanceId guest(int vmid, String address, String desired) {
        InstanceId id = new InstanceId(Ids.next());
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since, correlation_id,
                    spec, node, vmid, address)
                values (:id, :id, :project, :id, 1, :desired, 'HEALTHY', now(), :id, '{}', 'n1', :vmid, :address)""")
                .param("id", id.value())
                .param("project", project.value())
                .param("desired", desired)
                .param("vmid", vmid)
                .param("address", address)
                .update();
        return id;
    }
}

package io.containr.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.agent.AgentDatabase;
import io.containr.agent.AgentProperties;
import io.containr.agent.Specs;
import io.containr.agent.proxmox.ClusterView;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Where many guests of one image go that are asked for at once. */
class PlacementIT {

    private static final int AT_ONCE = 4;

    private final PreparedImage image = Specs.web("one", 8080).image();
    private JdbcClient jdbc;
    private Placement placement;

    @BeforeEach
    void fourLargeNodes() {
        DriverManagerDataSource database = AgentDatabase.fresh();
        jdbc = JdbcClient.create(database);
        List<ClusterView.Node> nodes = Stream.of("a", "b", "c", "d")
                .map(name -> new ClusterView.Node(name, true, false, 256L << 30, 0, 64_000, 0))
                .toList();
        Proxmox cluster = (Proxmox) Proxy.newProxyInstance(
                Proxmox.class.getClassLoader(), new Class<?>[] {Proxmox.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("nodes")) {
                        return nodes;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        AgentProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                        "containr.agent.proxmox.url", "https://pve1:8006",
                        "containr.agent.proxmox.token-file", "token",
                        "containr.agent.intake.certificate-file", "intake.pem",
                        "containr.agent.network.cidr", "10.9.0.0/16",
                        "containr.agent.network.gateway", "10.9.0.10",
                        "containr.agent.guests.tasks-per-node", Integer.toString(AT_ONCE))))
                .bind("containr.agent", AgentProperties.class)
                .get();
        placement = new Placement(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                cluster,
                new DrainedNodes(jdbc, Clock.systemUTC()),
                properties);
    }

    @Test
    void aNodeWithTheImageIsPreferredAsLongAsItMakesThemAtOnce() {
        jdbc.sql("""
                insert into template (node, storage, digest, volid, state, since, last_used)
                values ('a', 'local', :digest, 'local:vztmpl/x', 'READY', now(), now())""").param("digest", image.digest()).update();
        List<String> nodes = new ArrayList<>();
        while (nodes.size() < 7) {
            nodes.add(placed(asked()));
        }

        assertThat(nodes.subList(0, AT_ONCE)).containsOnly("a");
        assertThat(Set.copyOf(nodes.subList(AT_ONCE, 7))).containsExactlyInAnyOrder("b", "c", "d");

        jdbc.sql("update instance set phase = 'HEALTHY'").update();
        assertThat(placed(asked())).isEqualTo("a");
    }

    private InstanceSpec asked() {
        InstanceSpec spec = Specs.web("many", 8080, image);
        jdbc.sql("""
                insert into instance (id, service_id, project_id, deployment_id, generation, desired, phase, phase_since, correlation_id,
                    spec)
                values (:id, :service, :project, :deployment, 1, 'RUNNING', 'ACCEPTED', now(), :id, :spec)""")
                .param("id", spec.instance().value())
                .param("service", spec.service().value())
                .param("project", spec.project().value())
                .param("deployment", spec.deployment().value())
                .param("spec", JsonMapper.shared().writeValueAsString(spec))
                .update();
        return spec;
    }

    private String placed(InstanceSpec spec) {
        assertThat(placement.place(spec)).isEmpty();
        jdbc.sql("update instance set phase = 'PLACED' where id = :id")
                .param("id", spec.instance().value())
                .update();
        return jdbc.sql("select node from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .single();
    }
}

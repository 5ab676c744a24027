package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.Specs;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.InstanceSpec;
import io.containr.contracts.build.PreparedImage;
import io.containr.contracts.ids.DeploymentId;
import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.log.LogLines;
import io.containr.contracts.project.HealthCheck;
import io.containr.contracts.project.Resources;
import io.containr.runtime.Ids;
import io.containr.testing.TestMessages;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Real guests of two projects that try to reach each other, and what they have no business with. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.watch.interval=300ms",
            "containr.agent.guests.steady=200ms"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@DirtiesContext
class TenantFirewallIT {

    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String SERVER =
            "/bin/busybox mkdir -p /www; echo here > /www/index.html; exec /bin/busybox httpd -f -p 8080 -h /www";

    @Autowired
    private JdbcClient jdbc;

    private final ProjectId project = new ProjectId(Ids.next());
    private final List<InstanceSpec> asked = new ArrayList<>();
    private PreparedImage image;
    private TestMessages messages;

    @BeforeEach
    void listen() throws Exception {
        image = SimulatedCluster.lab().publishImage();
        messages = new TestMessages();
        AgentTestEnvironment.awaitCommandsTaken(messages);
    }

    @AfterEach
    void removeAll() {
        asked.forEach(this::remove);
        asked.forEach(spec -> messages.await(InstanceRemoved.class, of(spec)));
        messages.close();
    }

    @Test
    void aProjectIsAmongItselfAndReachesNothingOfThePlatform() throws IOException {
        String gateway = SimulatedCluster.lab().simulator().network().gateway();
        // Healthy: this machine, which is the gateway, reaches it, and it reaches the agent.
        InstanceSpec server = ensure(spec("server", project, SERVER, PORT));
        String address = healthy(server).address();
        try (ServerSocket platform = new ServerSocket(0)) {
            answer(platform);
            String script =
                    calls(Map.of("server", address + " " + PORT, "platform", gateway + " " + platform.getLocalPort()));
            InstanceSpec friend = ensure(spec("friend", project, script, null));
            InstanceSpec isolated = ensure(spec("isolated", project, script, null, true));
            InstanceSpec stranger = ensure(spec("stranger", new ProjectId(Ids.next()), script, null));
            awaitLine(friend, "server: reached");
            awaitLine(friend, "platform: not reached");
            awaitLine(stranger, "server: not reached");
            awaitLine(stranger, "platform: not reached");
            awaitLine(isolated, "server: not reached");
            awaitLine(isolated, "platform: not reached");
            assertThat(lines(isolated)).containsOnly("server: not reached", "platform: not reached");
            assertThat(lines(friend)).doesNotContain("platform: reached");
            assertThat(lines(stranger)).containsOnly("server: not reached", "platform: not reached");

            // Whoever is let in from outside of the project gets in while it runs, and no longer than that is asked
            // for.
            ensure(Specs.grown(server, 2, server.resources(), null, addressOf(stranger) + "/32"));
            awaitLine(stranger, "server: reached");
            assertThat(lines(stranger)).doesNotContain("platform: reached");
            ensure(Specs.grown(server, 3, server.resources(), null));
            await().atMost(PATIENCE).until(() -> last(stranger, "server"), "server: not reached"::equals);

            // Whoever goes is a stranger: its address may be given to one.
            assertThat(told(server)).hasSize(3).contains(address);
            remove(friend);
            remove(isolated);
            messages.await(InstanceRemoved.class, of(friend));
            messages.await(InstanceRemoved.class, of(isolated));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told(server)).containsExactly(address));
        }
    }

    private String addressOf(InstanceSpec spec) {
        return jdbc.sql("select address from instance where id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .single();
    }

    private String last(InstanceSpec spec, String target) {
        return lines(spec).reversed().stream()
                .filter(line -> line.startsWith(target + ":"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> told(InstanceSpec spec) {
        return jdbc.sql("select unnest(members) from guest_firewall where instance_id = :id")
                .param("id", spec.instance().value())
                .query(String.class)
                .list();
    }

    /** Tries again and again, and says how it went. */
    private static String calls(Map<String, String> targets) {
        StringBuilder script = new StringBuilder("while true; do\n");
        targets.forEach((name, target) -> script.append(
                "if /bin/busybox nc -w 1 %s </dev/null >/dev/null 2>&1; then echo '%s: reached'; else echo '%s: not reached'; fi%n"
                        .formatted(target, name, name)));
        return script.append("/bin/busybox sleep 0.2\ndone").toString();
    }

    private static void answer(ServerSocket socket) {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    socket.accept().close();
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private InstanceBecameHealthy healthy(InstanceSpec spec) {
        return messages.await(InstanceBecameHealthy.class, of(spec));
    }

    private void awaitLine(InstanceSpec spec, String line) {
        await(spec.name() + " says " + line).atMost(PATIENCE).until(() -> lines(spec), said -> said.contains(line));
    }

    private List<String> lines(InstanceSpec spec) {
        return messages.all(LogLines.class).stream()
                .filter(found -> spec.instance().equals(found.instance()))
                .flatMap(found -> found.lines().stream())
                .filter(line -> line.stream().equals("stdout"))
                .map(LogLines.Line::text)
                .toList();
    }

    private InstanceSpec ensure(InstanceSpec spec) {
        asked.add(spec);
        messages.publish(new EnsureInstance(spec), spec.service());
        return spec;
    }

    private void remove(InstanceSpec spec) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, Duration.ZERO, Duration.ofSeconds(1)),
                spec.service());
    }

    private InstanceSpec spec(String name, ProjectId owner, String script, @Nullable Integer port) {
        return spec(name, owner, script, port, null);
    }

    private InstanceSpec spec(
            String name, ProjectId owner, String script, @Nullable Integer port, @Nullable Boolean isolated) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                new ServiceId(Ids.next()),
                owner,
                new DeploymentId(Ids.next()),
                1,
                name,
                null,
                image,
                List.of("/bin/busybox", "sh", "-c", script),
                Map.of(),
                Map.of(),
                new Resources(500, 64, 64),
                port,
                port == null ? null : new HealthCheck("/", Duration.ofSeconds(20)),
                Duration.ofSeconds(1),
                null,
                null,
                false,
                isolated);
    }

    private static <T extends AgentEvent> Predicate<T> of(InstanceSpec spec) {
        return event -> event.instance().id().equals(spec.instance());
    }
}

package io.containr.agent.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.agent.AgentTestEnvironment;
import io.containr.agent.proxmox.Proxmox;
import io.containr.contracts.agent.AgentCommand.EnsureInstance;
import io.containr.contracts.agent.AgentCommand.RemoveInstance;
import io.containr.contracts.agent.AgentEvent;
import io.containr.contracts.agent.AgentEvent.InstanceBecameHealthy;
import io.containr.contracts.agent.AgentEvent.InstanceRemoved;
import io.containr.contracts.agent.AgentEvent.InstanceStarted;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** Real guests that reach each other by name. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=proxmox-agent",
            "containr.agent.watch.interval=300ms",
            "containr.agent.watch.names=1h",
            "containr.agent.guests.steady=200ms"
        })
@ContextConfiguration(initializers = {AgentTestEnvironment.class, SimulatedCluster.class})
@DirtiesContext
class PrivateNamesIT {

    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Asks by both names, for ever. A static busybox's wget cannot look up names; its nc can. */
    private static final String CALLER = """
            while true; do
              for name in db.internal db; do
                answer=$(printf 'GET / HTTP/1.0\\r\\n\\r\\n' | /bin/busybox nc -w 2 $name 8080 2>/dev/null | /bin/busybox tail -n 1)
                echo "$name: ${answer:-nobody}"
              done
              /bin/busybox sleep 0.1
            done""";

    private static PreparedImage image;

    @Autowired
    private Proxmox proxmox;

    private final ProjectId project = new ProjectId(Ids.next());
    private final List<InstanceSpec> asked = new ArrayList<>();
    private static boolean taken;

    private TestMessages messages;

    @BeforeAll
    static void publish() throws Exception {
        image = SimulatedCluster.lab().publishImage();
    }

    @BeforeEach
    void listen() {
        messages = new TestMessages();
        if (!taken) {
            AgentTestEnvironment.awaitCommandsTaken(messages);
            taken = true;
        }
    }

    @AfterEach
    void removeAll() {
        asked.forEach(spec -> remove(spec, Duration.ZERO));
        await().atMost(PATIENCE)
                .until(() -> asked.stream()
                        .allMatch(spec ->
                                messages.all(InstanceRemoved.class).stream().anyMatch(of(spec))));
        messages.close();
    }

    @Test
    void aNameLeadsToTheHealthyInstancesOfTheProjectAloneAndFollowsThem() {
        InstanceSpec one = ensure(database("one"));
        awaitHealthy(one);
        InstanceSpec caller = ensure(worker("caller", project));
        InstanceSpec stranger = ensure(worker("stranger", new ProjectId(Ids.next())));
        awaitLine(caller, "db.internal: one");
        awaitLine(caller, "db: one");
        awaitLine(stranger, "db.internal: nobody");

        InstanceSpec two = ensure(database("two"));
        awaitHealthy(two);
        remove(one, Duration.ofSeconds(2));
        awaitLine(caller, "db.internal: two");
        awaitLine(caller, "db: two");
        messages.await(InstanceRemoved.class, of(one));
        int seen = lines(caller).size();
        await().atMost(PATIENCE).until(() -> lines(caller).size() > seen + 10);
        assertThat(lines(caller).subList(seen, lines(caller).size())).containsOnly("db.internal: two", "db: two");

        remove(two, Duration.ofSeconds(20));
        awaitLine(caller, "db.internal: nobody");
        assertThat(messages.all(InstanceRemoved.class)).noneMatch(of(two)); // it drains, and has no name any more
        assertThat(lines(stranger)).containsOnly("db.internal: nobody", "db: nobody");
    }

    @Test
    void aGuestThatWasAwayGetsTheNewestWhenItComesBack() {
        InstanceSpec caller = ensure(worker("caller", project));
        awaitHealthy(caller);
        awaitLine(caller, "db: nobody");
        InstanceStarted started = messages.await(InstanceStarted.class, of(caller));
        proxmox.stop(started.node(), started.vmid());
        InstanceSpec database = ensure(database("late"));
        awaitHealthy(database);
        awaitLine(caller, "db.internal: late");
    }

    private void awaitHealthy(InstanceSpec spec) {
        messages.await(InstanceBecameHealthy.class, of(spec));
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

    private void remove(InstanceSpec spec, Duration drain) {
        messages.publish(
                new RemoveInstance(spec.instance(), spec.service(), 9, drain, Duration.ofSeconds(1)), spec.service());
    }

    private InstanceSpec database(String answer) {
        String script = "/bin/busybox mkdir -p /www; echo " + answer
                + " > /www/index.html; exec /bin/busybox httpd -f -p 8080 -h /www";
        return spec(answer, project, script, PORT, "db");
    }

    private static InstanceSpec worker(String name, ProjectId project) {
        return spec(name, project, CALLER, null, name);
    }

    private static InstanceSpec spec(
            String name, ProjectId project, String script, @Nullable Integer port, String privateName) {
        return new InstanceSpec(
                new InstanceId(Ids.next()),
                new ServiceId(Ids.next()),
                project,
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
                privateName,
                false,
                null);
    }

    private static <T extends AgentEvent> Predicate<T> of(InstanceSpec spec) {
        return event -> event.instance().id().equals(spec.instance());
    }
}
